import GatewayJSON
import Testing

@Suite("The hash of a name")
struct JSONNameHashTests {
    /// The hash under which a parser has put the first name of a text.
    private func hash(ofNameIn text: String) throws -> UInt32 {
        let tape = JSONTape()
        return try Array(text.utf8).withUnsafeBufferPointer { try tape.parse($0, limits: .exchange)[1].link }
    }

    private func hash(_ name: String) -> UInt32 {
        // With a byte more, so that there is an address for no bytes.
        Array((name + "x").utf8).withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            return JSONNameHash.hash(base, count: bytes.count - 1, seed: JSONNameHash.seed)
        }
    }

    @Test("is the same wherever the name stands, however it is written", arguments: 0...50)
    func sameEverywhere(length: Int) throws {
        let name = String("products(materials)_0123456789-abcdefghijklmnopqrstuvwxyz".prefix(length))
        let expected = self.hash(name)
        // With plenty of bytes behind it, and with none that could be read beyond the text.
        #expect(try self.hash(ofNameIn: "{\"\(name)\":\"and then a long text behind it\"}") == expected)
        #expect(try self.hash(ofNameIn: "{\"\(name)\":1}") == expected)
        #expect(try self.hash(ofNameIn: "{\"\(name)\" : [ \"and a long text with white space\" ] }") == expected)
        guard let first = name.unicodeScalars.first else { return }
        let escaped = "\\u00" + String(first.value, radix: 16) + name.dropFirst()
        #expect(try self.hash(ofNameIn: "{\"\(escaped)\":\"and then a long text behind it\"}") == expected)
    }

    @Test("is another one for another name, of the same bytes or none")
    func differs() {
        let names =
            (0...40).map { String(repeating: "\u{0}", count: $0) }
            + (1...40).map { String(repeating: "a", count: $0) }
        #expect(Set(names.map { self.hash($0) }).count == names.count)
    }
}
