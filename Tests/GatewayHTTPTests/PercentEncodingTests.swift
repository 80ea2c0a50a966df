import GatewayHTTP
import Testing

@Suite("Percent-encoding")
struct PercentEncodingTests {
    private static func decode(_ bytes: [UInt8]) -> [UInt8]? {
        bytes.withUnsafeBufferPointer { PercentEncoding.decode($0) }
    }

    @Test(
        "escapes of either case are undone, everything else stays",
        arguments: [("", ""), ("abc", "abc"), ("%41%6a%6A", "Ajj"), ("a+b", "a+b"), ("%25", "%"), ("é", "é")])
    func decode(text: String, expected: String) {
        #expect(Self.decode(Array(text.utf8)) == Array(expected.utf8))
    }

    @Test(
        "a bad escape, a control character and what is not UTF-8 are nothing",
        arguments: [
            "%", "%4", "%g1", "%1g", "a%", "%00", "%1F", "%7f", "\u{7F}", "%C3", "%C3%28", "%ED%A0%80",
            "%F5%80%80%80",
        ])
    func refuse(text: String) {
        #expect(Self.decode(Array(text.utf8)) == nil)
    }

    @Test("what stands beyond ASCII without being encoded is taken where somebody takes it")
    func unencoded() {
        let text = Array("a/é".utf8)
        #expect(Self.decode(text) == text)
        #expect(text.withUnsafeBufferPointer { PercentEncoding.decode($0, takes: []) } == nil)
        let encoded = Array("a%2F%C3%A9%00".utf8)
        #expect(encoded.withUnsafeBufferPointer { PercentEncoding.decode($0, takes: .controls) } == text + [0])
    }

    @Test("a byte that is to be decoded or refused is found at every place", arguments: 0..<20)
    func everyPlace(position: Int) {
        for byte in UInt8.min...UInt8.max {
            var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 20)
            bytes[position] = byte
            let isPlain = byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "%")
            #expect(Self.decode(bytes) == (isPlain ? bytes : nil))
        }
    }

    @Test("everything but unreserved characters is encoded, and decoding gives it back")
    func encode() {
        for byte in UInt8.min...UInt8.max {
            let isUnreserved = byte.isASCIILetterOrDigit || "-._~".utf8.contains(byte)
            #expect(PercentEncoding.areUnreserved([UInt8(ascii: "a"), byte, UInt8(ascii: "b")]) == isUnreserved)
            let expected =
                isUnreserved ? String(UnicodeScalar(byte)) : "%" + HexDigits.string(UInt64(byte)).suffix(2).uppercased()
            #expect(String(decoding: PercentEncoding.encode([byte]), as: UTF8.self) == expected)
        }
        #expect(PercentEncoding.areUnreserved([]))
        let text = Array("a b/é?%".utf8)
        #expect(Self.decode(PercentEncoding.encode(text)) == text)
    }
}
