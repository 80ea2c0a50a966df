import GatewayHTTP
import Testing

@Suite("Digits")
struct DigitTests {
    private static func bytes<Value>(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        Array(text.utf8).withUnsafeBufferPointer(body)
    }

    private static func written(_ value: Int) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: DecimalDigits.bytesMax) { buffer in
            guard let start = buffer.baseAddress else { return "" }
            let length = DecimalDigits.write(value, to: start)
            return String(decoding: buffer[..<length], as: UTF8.self)
        }
    }

    @Test(
        "a number is written as Swift writes it",
        arguments: [0, 1, 9, 10, 99, 100, 200, 12_345, 999_999_999_999, -1, -10, .max, .min])
    func written(value: Int) {
        #expect(Self.written(value) == String(value))
    }

    @Test(
        "only digits are a number",
        arguments: [
            ("0", 0), ("007", 7), ("9223372036854775807", Int.max), ("9223372036854775808", nil),
            ("99999999999999999999999", nil), ("", nil), ("-1", nil), ("+1", nil), ("1 ", nil), ("1.0", nil),
            ("x", nil),
        ])
    func read(text: String, value: Int?) {
        #expect(Self.bytes(text) { DecimalDigits.value(of: $0) } == value)
    }

    @Test("sixteen hexadecimal digits are those that Swift writes", arguments: [0, 1, 0xFEDC_BA98_7654_3210, .max])
    func hexadecimal(value: UInt64) {
        let text = HexDigits.string(value)
        let plain = String(value, radix: 16)
        #expect(text == String(repeating: "0", count: 16 - plain.count) + plain)
        #expect(Self.bytes(text) { HexDigits.read($0, from: 0, count: 16) } == value)
        var digits = ""
        HexDigits.withDigits(of: value) { digits = String(decoding: $0, as: UTF8.self) }
        #expect(digits == text)
    }

    @Test("a run of digits is read in lower case, a single one in either")
    func cases() {
        #expect(Self.bytes("0A") { HexDigits.read($0, from: 0, count: 2) } == nil)
        #expect(Self.bytes("0g") { HexDigits.read($0, from: 0, count: 2) } == nil)
        for byte in UInt8.min...UInt8.max {
            let expected = byte < 0x80 ? Character(UnicodeScalar(byte)).hexDigitValue.map { UInt8($0) } : nil
            #expect(HexDigits.value(of: byte) == expected)
        }
        #expect((0..<16).map { HexDigits.upperCaseDigit($0) } == Array("0123456789ABCDEF".utf8))
    }
}
