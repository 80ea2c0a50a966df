import GatewayJSON
import Testing

@Suite("Writing")
struct JSONWriterTests {
    @Test("the writer places commas and escapes what must be escaped")
    func writes() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("a\"\\\n\u{1}", "é\u{1F}\t\r/")
        writer.member("n", 5)
        writer.name("list")
        writer.beginArray()
        writer.bool(true)
        writer.null()
        writer.raw("1.10")
        writer.beginObject()
        writer.endObject()
        writer.endArray()
        writer.member("b", false)
        writer.endObject()
        let expected = #"{"a\"\\\n\u0001":"é\u001f\t\r/","n":5,"list":[true,null,1.10,{}],"b":false}"#
        #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    }

    @Test("pretty printing keeps the bytes of values and their order")
    func prettyPrints() {
        let text = #"{"b":1.10,"a":{"x":"\u00e9","y":[1,2,{"z":{}}]},"tags":["one","two"],"e":[],"o":{"k":1}}"#
        let expected = """
            {
              "b": 1.10,
              "a": {
                "x": "\\u00e9",
                "y": [
                  1,
                  2,
                  {
                    "z": {}
                  }
                ]
              },
              "tags": ["one", "two"],
              "e": [],
              "o": {"k": 1}
            }
            """
        #expect(String(decoding: JSONPrettyPrinter.print(Array(text.utf8)), as: UTF8.self) == expected)
        #expect(JSONPrettyPrinter.print(Array("not json".utf8)) == Array("not json".utf8))
    }

    @Test(
        "pointers are escaped and unescaped by RFC 6901",
        arguments: [
            ("a/b", "a~1b"), ("m~n", "m~0n"), ("~1", "~01"), ("", ""), ("é", "é"),
        ])
    func pointers(token: String, escaped: String) {
        #expect(JSONPointer.escape(token) == escaped)
        #expect(JSONPointer.unescape(escaped) == token)
        #expect(JSONPointer.tokens("/x/" + escaped) == ["x", token])
    }

    @Test("what turns out longer than expected is appended all the same")
    func longerThanExpected() {
        var lines = Array("before".utf8)
        JSONOutput.append(to: &lines, expecting: 1) { output in
            for _ in 0..<300 { output.append(literal: "0123456789") }
            output.replace(at: 0, with: UInt8(ascii: "{"))
            output.replace(at: 3000, with: UInt8(ascii: "?"))
        }
        let digits = String(repeating: "0123456789", count: 300)
        #expect(String(decoding: lines, as: UTF8.self) == "before{" + digits.dropFirst())
        JSONOutput.append(to: &lines, expecting: 10) { $0.append(literal: "after") }
        #expect(lines.count == 6 + 3000 + 5)
    }

    @Test("whole numbers are written in decimal", arguments: [0, 7, -7, 10, 99, 100, -100, 12345, .max, .min])
    func decimal(value: Int) {
        var bytes: [UInt8] = []
        bytes.append(decimal: value)
        #expect(String(decoding: bytes, as: UTF8.self) == String(value))
    }
}
