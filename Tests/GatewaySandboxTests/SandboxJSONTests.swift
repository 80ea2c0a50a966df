import Testing

@testable import GatewaySandbox

struct SandboxJSONTests {
    private func roundTrip(_ text: String) throws -> String {
        String(decoding: try SandboxJSON(reading: Array(text.utf8)).written(), as: UTF8.self)
    }

    @Test(
        "every number keeps its spelling",
        arguments: [
            "0", "-0", "1.10", "1e400", "1E+5", "-12.5e-7", "12345678901234567890", "123456789012345678901234567890.5",
        ])
    func numbers(_ number: String) throws {
        #expect(try self.roundTrip("[\(number)]") == "[\(number)]")
        #expect(try self.roundTrip(#"{"a":\#(number)}"#) == #"{"a":\#(number)}"#)
    }

    @Test(
        "what is no JSON is refused",
        arguments: [
            "", "null", "1", "{", "[01]", "[1.]", "[.5]", "[+1]", "[1e]", "[--1]", "[1 2]", "{1:2}", "[NaN]", "[1,]",
            "[\"a]",
            "{\"a\" 1}", "[tru]", "[1 , ]", "{\"a\":1,}", "[,1]", "[1,,2]", "[/*c*/]", "['a']", "[\"\u{1}\"]",
            "[\"\\x\"]",
            "[\"\\ud800\"]", "[\"\\udc00\\ud800\"]", "[\"\\ud800\\u0041\"]", "[\"\\u12g4\"]", "[\"\\u12", "[\"a",
            "[\"\\",
            "[1]x", "[-]", "[1e+]", "[truefalse]", "{\"a\"", "{\"a\":", "{\"a\":1", "{,}", "[\"\\U0041\"]", "\"a\"",
            " ",
            "{a:1}", "[Infinity]", "\u{FEFF}[]", "[\u{0}",
        ])
    func invalid(_ text: String) {
        #expect(throws: SandboxJSONError.self) { try SandboxJSON(reading: Array(text.utf8)) }
    }

    @Test("bytes that are not UTF-8 are refused")
    func invalidUTF8() {
        for text: [UInt8] in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0xAF], [0xF4, 0x90, 0x80, 0x80]] {
            let bytes = Array("[\"".utf8) + text + Array("\"]".utf8)
            #expect(throws: SandboxJSONError.self) { try SandboxJSON(reading: bytes) }
        }
    }

    @Test("escapes stand for their characters, surrogate pairs for one")
    func escapesRead() throws {
        let text = #"["\"\\\/\b\f\n\r\t\u00fc\u00FC\ud83d\ude00\u0000"]"#
        let json = try SandboxJSON(reading: Array(text.utf8))
        #expect(json == ["\"\\/\u{8}\u{c}\n\r\tüü😀\u{0}"])
    }

    @Test("members keep their order, and of two of one name the last counts")
    func members() throws {
        #expect(try self.roundTrip(#"{"b":1,"a":{"d":[],"c":{}},"b":2}"#) == #"{"b":2,"a":{"d":[],"c":{}}}"#)
    }

    @Test("nesting has a limit that no stack comes near to")
    func nesting() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array(repeating: UInt8(ascii: "["), count: depth) + Array(repeating: UInt8(ascii: "]"), count: depth)
        }
        #expect(try SandboxJSON(reading: nested(512)).array?.count == 1)
        #expect(throws: SandboxJSONError.self) { try SandboxJSON(reading: nested(513)) }
        #expect(throws: SandboxJSONError.self) { try SandboxJSON(reading: nested(1_000_000)) }
    }

    @Test("a mistake is told with its place")
    func place() {
        #expect(throws: SandboxJSONError(reason: "A colon was expected at byte 5.")) {
            try SandboxJSON(reading: Array(#"{"a" 1}"#.utf8))
        }
    }

    @Test("digits inside strings and names are text")
    func digitsInText() throws {
        let text = #"{"1":"2","a\"3":"-4 \\"}"#
        #expect(try self.roundTrip(text) == text)
    }

    @Test("kinds are told apart")
    func kinds() throws {
        let json = try SandboxJSON(reading: Array(#"[true,false,1,0,1.5,"1",null,[],{}]"#.utf8))
        #expect(
            json.array?.map(\.kindName)
                == ["boolean", "boolean", "integer", "integer", "number", "string", "null", "array", "object"])
    }

    @Test("text is escaped where it must be, and as PHP does where that is asked for")
    func escapes() {
        let json: SandboxJSON = .string("a\"\\\n\u{1}/ü😀")
        #expect(String(decoding: json.written(), as: UTF8.self) == #""a\"\\\n\u0001/ü😀""#)
        #expect(String(decoding: json.written(.escaped), as: UTF8.self) == #""a\"\\\n\u0001\/\u00fc\ud83d\ude00""#)
    }

    @Test(
        "times are written as the vendors write them",
        arguments: [
            (0.0, "1970-01-01T00:00:00.000Z"), (951_827_696.5, "2000-02-29T12:34:56.500Z"),
            (1_765_295_100.25, "2025-12-09T15:45:00.250Z"), (4_102_444_799.999, "2099-12-31T23:59:59.999Z"),
            (-1, "1970-01-01T00:00:00.000Z"), (.infinity, "1970-01-01T00:00:00.000Z"),
        ])
    func timestamps(_ seconds: Double, _ text: String) {
        #expect(Timestamp.text(seconds, milliseconds: true) == text)
        #expect(Timestamp.text(seconds) == text.prefix(19) + "Z")
    }
}
