import Testing

@testable import GatewayPush

@Suite("A JSON array becomes lines")
struct JSONArrayReaderTests {
    private static func elements(_ text: String, size: Int = 1_000, bytesMax: Int = 100) throws -> [String] {
        var reader = JSONArrayReader(bytesMax: bytesMax)
        var elements: [String] = []
        let take = { (line: PushLine) throws(PushReadingError) -> Void in
            elements.append("\(line.number) " + String(decoding: line.text, as: UTF8.self))
        }
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            try reader.read(bytes[start..<min(start + size, bytes.count)], take)
        }
        try reader.end()
        return elements
    }

    @Test("elements are cut at their commas, brackets in strings are none", arguments: [1, 3, 1_000])
    func elements(size: Int) throws {
        let text = " [ {\"a\":[1,2],\"b\":\"]},\\\"\"} ,\n{\n} ,3, \"x\" ]\n"
        #expect(
            try Self.elements(text, size: size) == ["1 {\"a\":[1,2],\"b\":\"]},\\\"\"}", "2 { }", "3 3", "4 \"x\""])
        #expect(try Self.elements("[]", size: size) == [])
    }

    @Test("what is no array is told", arguments: ["", "{}", "[1", "[1]2", "[\"a", "[,1]", "[1,]", "[1,,2]"])
    func mistakes(text: String) {
        #expect(throws: PushReadingError.self) { try Self.elements(text) }
    }

    @Test("an element is bounded")
    func bound() {
        #expect(throws: PushReadingError.self) { try Self.elements("[\"" + String(repeating: "x", count: 200)) }
    }
}
