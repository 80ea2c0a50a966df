import GatewayDocuments
import GatewayJSON
import Testing

@Suite("Reading objects")
struct ObjectReaderTests {
    /// What reading a text with these functions reports.
    private static func lines(_ text: String, isConfidential: Bool = false, _ read: (ObjectReader) -> Void) -> [String]
    {
        let diagnostics = Diagnostics()
        let root = DocumentText.read(Array(text.utf8), from: DocumentOrigin(file: "f"), into: diagnostics)
        guard let root else { return diagnostics.all.map(\.description) }
        let place = Place(
            diagnostics, origin: root.origin, path: root.path, node: root.node, isConfidential: isConfidential)
        place.readObject(read)
        return diagnostics.inOrderOfDocument.map(\.description)
    }

    private enum Word: String, CaseIterable { case one = "1.1", two = "1.2", many }

    @Test(
        "a value of another kind is named with what it is and what is expected",
        arguments: [
            ("5", "expected a text that is not empty, found the number 5"),
            ("\"\"", "expected a text that is not empty, found \"\""),
            ("null", "expected a text that is not empty, found null"),
            ("[1]", "expected a text that is not empty, found an array"),
        ])
    func text(value: String, message: String) {
        #expect(Self.lines("{\"a\": \(value)}") { _ = $0.optional("a")?.text() } == ["f:1:7: $.a: \(message)"])
    }

    @Test(
        "numbers and truth values in quotes, and words without, are told so",
        arguments: [
            ("\"8443\"", "expected a port from 1 to 9, found the string \"8443\"; it stands without quotes"),
            ("\"x\"", "expected a port from 1 to 9, found the string \"x\""),
            ("1.5", "expected a port from 1 to 9, found 1.5"),
            ("10", "expected a port from 1 to 9, found 10"), ("true", "expected a port from 1 to 9, found true"),
        ])
    func integer(value: String, message: String) {
        let lines = Self.lines("{\"a\": \(value)}") {
            _ = $0.optional("a")?.integer(in: 1...9, expected: "a port from 1 to 9")
        }
        #expect(lines == ["f:1:7: $.a: \(message)"])
    }

    @Test("a truth value in quotes is told so")
    func bool() {
        let lines = Self.lines(#"{"a": "true"}"#) { _ = $0.optional("a")?.bool() }
        #expect(lines == [#"f:1:7: $.a: expected true or false, found the string "true"; it stands without quotes"#])
    }

    @Test(
        "a word that is none of those there are gets the nearest, or its quotes",
        arguments: [
            ("1.2", "found the number 1.2; it stands in quotes"), ("\"mny\"", "found \"mny\"; did you mean \"many\"?"),
            ("\"x\"", "found \"x\""), ("{}", "found an object"),
        ])
    func choice(value: String, tail: String) {
        let lines = Self.lines("{\"a\": \(value)}") { _ = $0.optional("a")?.choice(Word.self) }
        #expect(lines == ["f:1:7: $.a: expected \"1.1\", \"1.2\" or \"many\", \(tail)"])
    }

    @Test("missing and unknown members are found in one go, the unknown with what was meant")
    func members() {
        let lines = Self.lines(#"{"nmae": 1, "colour": 2}"#) { members in
            _ = members.required("name", expected: "a name")
            _ = members.optional("size")
        }
        #expect(
            lines == [
                "f:1:1: $.name: is missing: expected a name",
                "f:1:10: $.nmae: unknown key; did you mean \"name\"?",
                "f:1:23: $.colour: unknown key; the keys here are name, size",
            ])
    }

    @Test("what is no object is one mistake, and misses nothing")
    func noObject() {
        let lines = Self.lines("[]") { members in
            _ = members.required("name", expected: "a name")
            members.requireExactlyOne(["a", "b"])
        }
        #expect(lines == ["f:1:1: $: expected an object, found an array"])
    }

    @Test("rules between members say what is wrong")
    func rules() {
        func lines(_ text: String) -> [String] {
            Self.lines(text) { members in
                for name in ["a", "b", "key", "chain"] { members.declare(name) }
                members.requireExactlyOne(["a", "b"])
                members.requireTogether("key", "chain")
            }
        }
        #expect(lines(#"{"a": 1}"#) == [])
        #expect(lines(#"{"a": 1, "b": 1}"#) == ["f:1:1: $: expected exactly one of a and b, found both"])
        #expect(lines("{}") == ["f:1:1: $: expected exactly one of a and b, found neither"])
        #expect(lines(#"{"a": 1, "key": 1}"#) == ["f:1:17: $.key: needs chain beside it"])
    }

    @Test("what may be a secret is not quoted, whatever its kind", arguments: ["\"hunter2\"", "12345678"])
    func confidential(value: String) {
        let lines = Self.lines("{\"a\": \(value)}", isConfidential: true) { members in
            _ = members.optional("a")?.bool()
            _ = members.optional("a")?.object
        }
        #expect(lines.count == 2)
        #expect(!lines.joined().contains("hunter") && !lines.joined().contains("1234"))
    }

    @Test("long values are shortened, and control characters stay escaped")
    func found() {
        let long = String(repeating: "x", count: 500)
        let lines = Self.lines(#"{"a": "\#(long)", "b": "\u001b[31m"}"#) { members in
            _ = members.optional("a")?.bool()
            _ = members.optional("b")?.bool()
        }
        #expect(lines.allSatisfy { $0.utf8.count < 150 })
        #expect(lines.last?.contains(#""\u001b[31m""#) == true)
    }
}
