import GatewayDocuments
import Testing

@Suite("Texts that are not quite JSON")
struct DocumentTextTests {
    private static func lines(_ text: [UInt8], origin: DocumentOrigin = DocumentOrigin(file: "f")) -> [String] {
        let diagnostics = Diagnostics()
        _ = DocumentText.read(text, from: origin, into: diagnostics)
        return diagnostics.inOrderOfDocument.map(\.description)
    }

    private static func lines(_ text: String) -> [String] { self.lines(Array(text.utf8)) }

    @Test(
        "comments are named as what they are, in every style and place",
        arguments: [
            ("// x\n{}", "f:1:1"), ("{} // x", "f:1:4"), ("{ # x\n}", "f:1:3"), ("{\"a\" /* x\n*/ : 1}", "f:1:6"),
            ("{\"a\": // x\n 1}", "f:1:7"), ("{\"a\": 1 /* x */}", "f:1:9"), ("[1, # x\n 2]", "f:1:5"),
            ("{} #", "f:1:4"),
            ("{}/**/", "f:1:3"),
        ])
    func comments(text: String, place: String) {
        #expect(Self.lines(text) == ["\(place): $: JSON has no comments; remove this one"])
    }

    @Test("what stands within a string is no comment")
    func noComments() {
        #expect(Self.lines(##"{"a": "// # /* */", "https://x": "\"#"}"##) == [])
    }

    @Test("comments, commas too many and keys that occur twice are all found, and the rest is still read")
    func allAtOnce() {
        let text = """
            { // one
              "a": [1, 2,], /* two
              lines */ "b": {"c": 1, "c": {"x": "}"}},
              "d": [{"e": 1, "e": 2}], # three
            }
            """
        let diagnostics = Diagnostics()
        let root = DocumentText.read(Array(text.utf8), from: DocumentOrigin(file: "f"), into: diagnostics)
        #expect(
            diagnostics.inOrderOfDocument.map(\.description) == [
                "f:1:3: $: JSON has no comments; remove this one",
                "f:2:13: $: there is a comma with nothing behind it; remove it",
                "f:2:17: $: JSON has no comments; remove this one",
                "f:3:26: $.b.c: this key occurs twice here",
                "f:4:18: $.d[0].e: this key occurs twice here",
                "f:4:26: $: there is a comma with nothing behind it; remove it",
                "f:4:28: $: JSON has no comments; remove this one",
            ])
        #expect(root?.node?["b"]?["c"]?.integer == 1)
        #expect(root?.node?["d"]?.position.line == 4)
    }

    @Test("a comment without an end takes the rest of the text with it")
    func openComment() {
        let lines = Self.lines("{\"a\": 1} /* x")
        #expect(lines == ["f:1:10: $: JSON has no comments; remove this one"])
        #expect(Self.lines("{\"a\": 1 /* x").count == 2)
    }

    @Test(
        "UTF-16 and UTF-32 are named, with and without a byte order mark",
        arguments: [
            ([0xFF, 0xFE, 0x7B, 0, 0x7D, 0], "UTF-16"), ([0xFE, 0xFF, 0, 0x7B, 0, 0x7D], "UTF-16"),
            ([0x7B, 0, 0x7D, 0], "UTF-16"), ([0, 0x7B, 0, 0x7D], "UTF-16"),
            ([0xFF, 0xFE, 0, 0, 0x7B, 0, 0, 0], "UTF-32"), ([0, 0, 0xFE, 0xFF, 0, 0, 0, 0x7B], "UTF-32"),
            ([0x7B, 0, 0, 0], "UTF-32"), ([0, 0, 0, 0x7B], "UTF-32"),
        ] as [([UInt8], String)])
    func encodings(text: [UInt8], name: String) {
        #expect(
            Self.lines(text) == ["f: $: this is \(name), and JSON is UTF-8 (RFC 8259 §8.1): save the file as UTF-8"])
    }

    @Test("a UTF-8 byte order mark is named, and the rest is read")
    func byteOrderMark() {
        let diagnostics = Diagnostics()
        let text: [UInt8] = [0xEF, 0xBB, 0xBF] + Array("{\"a\": 1}".utf8)
        let root = DocumentText.read(text, from: DocumentOrigin(file: "f"), into: diagnostics)
        #expect(root?.node?["a"]?.integer == 1)
        #expect(
            diagnostics.all.map(\.description) == [
                "f: $: the file begins with a UTF-8 byte order mark, which JSON must not (RFC 8259 §8.1)"
            ])
    }

    @Test(
        "what else is not JSON is told with its reason", arguments: ["", "{", "\u{0}", "{'a': 1}", "[1}", "\"\u{1}\""])
    func notJSON(text: String) {
        let lines = Self.lines(text)
        #expect(lines.count == 1)
        #expect(lines.first?.contains(": this is not JSON: ") == true)
    }

    @Test("a document within another is told at its place in the whole file")
    func origin() {
        let origin = DocumentOrigin(file: "f", path: .root.appending("dialects").appending("x"), line: 7, column: 20)
        let text = "{\"a\": 1, \"a\": 2,\n \"b\": 1, \"b\": 2}"
        #expect(
            Self.lines(Array(text.utf8), origin: origin) == [
                "f:7:29: $.dialects.x.a: this key occurs twice here",
                "f:8:10: $.dialects.x.b: this key occurs twice here",
            ])
    }

    @Test("whatever the text is, reading it ends")
    func hostile() {
        for piece in ["/*", "//", "#", ",", "\"a\":1,", "{\"a\":1,\"a\":", "[,", "\u{FEFF}", "\"", "\\"] {
            let text = "{" + String(repeating: piece, count: 2000) + "}"
            #expect(!Self.lines(text).isEmpty)
        }
    }
}
