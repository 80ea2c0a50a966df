import GatewayJSON
import Testing

@testable import GatewayProxy

@Suite("A JSON text in segments")
struct TextSegmentsTests {
    private static func segments(_ text: String) throws -> TextSegments {
        try TextSegments(Array(text.utf8), limits: .exchange)
    }

    @Test(
        "is the whole text, exactly, with a pointer at each value",
        arguments: [
            #" {"a" : 1.10, "b":["x", {}, null],"c/~":{"é\n":"ü"}} "#, "[]", "\"x\"", "12345678901234567890", "\n{}\n",
        ])
    func whole(text: String) throws {
        let segments = try Self.segments(text)
        #expect(segments.all.map(\.text).joined() == text)
        #expect(segments.all.compactMap(\.pointer) == segments.leaves.map(\.pointer))
    }

    @Test("values are scalars and empty containers, by their pointers")
    func values() throws {
        let segments = try Self.segments(#"{"a":1,"b":["x",{},[]],"c/~":{"d":"ü"}}"#)
        let values = segments.all.filter { $0.pointer != nil }.map { "\($0.pointer ?? "") \($0.text)" }
        #expect(values == ["/a 1", "/b/0 \"x\"", "/b/1 {}", "/b/2 []", "/c~1~0/d \"ü\""])
    }

    @Test(
        "a member can be taken away, and what is left is JSON",
        arguments: [
            (#"{"a":1,"b":2,"c":3}"#, ["/a", "/b", "/c"]), (#"{ "a" : { "b" : 1 } }"#, ["/a/b"]),
            ("{\n  \"a\": [1, 2],\n  \"b\": {}\n}", ["/b"]),
        ])
    func removal(text: String, removable: [String]) throws {
        let bytes = Array(text.utf8)
        let leaves = try Self.segments(text).leaves.filter { $0.removal != nil }
        #expect(leaves.map(\.pointer) == removable)
        for leaf in leaves {
            let removal = try #require(leaf.removal)
            let rest = Array(bytes[..<removal.lowerBound]) + Array(bytes[removal.upperBound...])
            let left = try TextSegments(rest, limits: .exchange)
            #expect(!left.leaves.contains { $0.pointer == leaf.pointer })
        }
    }

    @Test("what is no JSON is one segment where it is laid out, and an error otherwise")
    func noJSON() {
        #expect(throws: JSONError.self) { try Self.segments("{") }
        let shown = TextSegments(layingOut: Array("a=1&b".utf8), limits: .exchange)
        #expect(shown.all == [.init(text: "a=1&b", pointer: nil)])
    }
}
