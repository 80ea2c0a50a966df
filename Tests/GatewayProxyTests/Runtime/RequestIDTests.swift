import Testing

@testable import GatewayProxy

@Suite("Request ids")
struct RequestIDTests {
    private func id(_ text: String) -> RequestID? {
        Array(text.utf8).withUnsafeBufferPointer { RequestID($0) }
    }

    @Test("a new one is 32 hexadecimal digits, and the next is another")
    func new() {
        var random = SeededGenerator(seed: 7)
        let first = RequestID(from: &random)
        let second = RequestID(from: &random)
        #expect(first.string.utf8.count == 32)
        #expect(first.string.allSatisfy { "0123456789abcdef".contains($0) })
        #expect(first.string != second.string)
    }

    @Test(
        "a caller's own is kept as it is",
        arguments: ["a", "7f3c-11", "req:1/2?3", String(repeating: "x", count: 128), "~!#$%&'()*+,-./"])
    func kept(text: String) {
        #expect(self.id(text)?.string == text)
    }

    @Test(
        "one that could break a log line or a field is not taken",
        arguments: [
            "", "a b", "a\"b", "a\\b", "a\nb", "a\u{7F}", "é", "\u{0}", String(repeating: "x", count: 129),
        ])
    func refused(text: String) {
        #expect(self.id(text) == nil)
    }
}
