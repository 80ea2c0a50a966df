import Testing

@testable import GatewayProxy

@Suite("A caller's idempotency key")
struct IdempotencyKeyTests {
    private func key(_ text: String) -> IdempotencyKey {
        Array(text.utf8).withUnsafeBufferPointer { IdempotencyKey($0) }
    }

    @Test(
        "is a string in quotes or visible characters without",
        arguments: [
            ("\"abc\"", "abc"), ("abc", "abc"), ("\"a b\"", "a b"), ("\"a\\\"b\\\\c\"", "a\"b\\c"),
            ("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"), ("a;b,c=d", "a;b,c=d"),
        ])
    func taken(text: String, key: String) { #expect(self.key(text) == .key(Array(key.utf8))) }

    @Test(
        "is refused where it could be read in two ways, or is none",
        arguments: [
            "", "\"\"", "\"abc", "abc\"", "\"a\"b", "\"a\";p=1", "a b", "\"a\\b\"", "\"a\\\"", "a\u{7F}", "\"é\"", "é",
            "a\tb", String(repeating: "k", count: 256), "\"" + String(repeating: "k", count: 256) + "\"",
        ])
    func refused(text: String) { #expect(self.key(text) == .malformed) }

    @Test("is looked for by operators in either form")
    func inquired() {
        let digits = KeyInquiry.digits(of: "k-1", caller: "shop")
        #expect(digits?.count == 16)
        #expect(KeyInquiry.digits(of: "\"k-1\"", caller: "shop") == digits)
        #expect(KeyInquiry.digits(of: "\"k-1", caller: "shop") != digits)
        #expect(KeyInquiry.digits(of: "k-1", caller: "") != digits)
    }

    @Test("may have 255 characters, in either form")
    func longest() {
        let text = String(repeating: "k", count: 255)
        #expect(self.key(text) == .key(Array(text.utf8)))
        #expect(self.key("\"\(text)\"") == .key(Array(text.utf8)))
        let escaped = "\"" + String(repeating: "\\\"", count: 255) + "\""
        #expect(self.key(escaped) == .key([UInt8](repeating: 0x22, count: 255)))
    }

    @Test("may be there once")
    func twice() {
        var conditions = RequestConditions()
        Array("a".utf8).withUnsafeBufferPointer { conditions.takeIdempotencyKey($0) }
        #expect(conditions.idempotencyKey == .key([0x61]))
        Array("a".utf8).withUnsafeBufferPointer { conditions.takeIdempotencyKey($0) }
        #expect(conditions.idempotencyKey == .malformed)
        Array("a".utf8).withUnsafeBufferPointer { conditions.takeIdempotencyKey($0) }
        #expect(conditions.idempotencyKey == .malformed)
    }
}
