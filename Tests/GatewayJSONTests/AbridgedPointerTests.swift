import GatewayJSON
import Testing

@Suite("Pointers that stay short")
struct AbridgedPointerTests {
    private static func pointer(_ name: String) throws -> String {
        let document = try JSONDocument(parsing: #"{"\#(name)":1}"#)
        return try #require(document.withView { $0.pointer(to: 2) })
    }

    @Test("a name of usual length stays as it is")
    func short() throws {
        #expect(try Self.pointer("a~b/c") == "/a~0b~1c")
        let longest = String(repeating: "x", count: JSONPointer.tokenBytesMax)
        #expect(try Self.pointer(longest) == "/" + longest)
    }

    @Test(
        "a long name is cut between two characters, however it is written",
        arguments: [
            ("x", "x"), ("é", "é"), (#"\u00e9"#, "é"), ("😀", "😀"), (#"\ud83d\ude00"#, "😀"), (#"\uD83D\uDE00"#, "😀"),
            (#"\n"#, "\n"), (#"\\"#, "\\"), (#"\u005c"#, "\\"),
        ])
    func long(written: String, read: String) throws {
        for shift in 0..<13 {
            let start = String(repeating: "-", count: shift)
            let pointer = try Self.pointer(start + String(repeating: written, count: 1000))
            #expect(pointer.utf8.count <= 160)
            let characters = pointer.dropFirst(1 + shift).dropLast()
            #expect(pointer.hasPrefix("/" + start) && pointer.hasSuffix("…"))
            #expect(!characters.isEmpty && characters.unicodeScalars.allSatisfy { String($0) == read })
        }
    }

    @Test("a member that lies deep is named by what holds it")
    func deep() throws {
        let name = String(repeating: "n", count: 100)
        let text = String(repeating: "{\"\(name)\":", count: 50) + "1" + String(repeating: "}", count: 50)
        let document = try JSONDocument(parsing: text)
        let pointer = try #require(document.withView { $0.pointer(to: $0.count - 1) })
        #expect(pointer.hasSuffix("/…"))
        #expect(pointer.utf8.count < JSONPointer.bytesMax + 110)
    }

    @Test("of a member that occurs twice the pointer is short, too")
    func duplicate() throws {
        let name = String(repeating: "n", count: 100_000)
        let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: #"{"\#(name)":1,"\#(name)":2}"#) }
        #expect(try #require(error?.pointer).utf8.count < 200)
    }
}
