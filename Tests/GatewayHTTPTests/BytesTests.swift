import GatewayHTTP
import Testing

@Suite("Bytes of names and values")
struct BytesTests {
    private static func bytes<Value>(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        Array(text.utf8).withUnsafeBufferPointer(body)
    }

    private static let texts: [StaticString] = [
        "a", "ab", "abc", "abcd", "abcde", "abcdefg", "abcdefgh", "abcdefghi", "abcdefghijklmno", "abcdefghijklmnop",
        "abcdefghijklmnopq",
    ]

    @Test("a text is spelled by its own bytes and by none that differ, wherever they do")
    func spells() {
        for text in Self.texts {
            let own = Array("\(text)".utf8)
            #expect(own.withUnsafeBufferPointer { text.spells($0) })
            for position in own.indices {
                var other = own
                other[position] ^= 0x20
                #expect(!other.withUnsafeBufferPointer { text.spells($0) })
            }
            #expect(!(own + own).withUnsafeBufferPointer { text.spells($0) })
            #expect(!own.dropLast().withUnsafeBufferPointer { text.spells($0) })
        }
    }

    @Test(
        "white space around a value is no part of it",
        arguments: [("a", "a"), (" \t a b\t ", "a b"), ("", ""), (" \t", ""), ("\u{A0}a", "\u{A0}a")])
    func trimmed(text: String, expected: String) {
        #expect(FieldValue.trimmed(text) == expected)
        #expect(Self.bytes(text) { String(decoding: FieldValue.trimmed($0), as: UTF8.self) } == expected)
    }

    @Test("a token has letters, digits and the marks of RFC 9110")
    func tokens() {
        for byte in UInt8.min...UInt8.max {
            let isToken = byte.isASCIILetterOrDigit || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            #expect(byte.isTokenByte == isToken)
        }
    }

    @Test("an item with parameters is written as RFC 9651 has it, and a string holds what it may")
    func structuredItem() {
        var item = StructuredItem(token: "proxy", capacity: 10)
        item.append("error", token: "http_protocol_error")
        item.append("received-status", integer: 502)
        item.append("details", string: "a\"b\\c\u{7F}\né")
        #expect(
            String(decoding: item.bytes, as: UTF8.self)
                == #"proxy; error=http_protocol_error; received-status=502; details="a\"b\\c""#)
    }

    @Test("preferences are a list, in lower case, without quotes and parameters")
    func preferences() {
        let found = Self.bytes("Return=\"Minimal\"; x=1, respond-async ,, wait=10") { Preference.list($0) }
        #expect(
            found == [
                Preference(name: "return", value: "minimal"), Preference(name: "respond-async"),
                Preference(name: "wait", value: "10"),
            ])
    }
}
