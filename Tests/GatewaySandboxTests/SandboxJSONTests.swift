@testable import GatewaySandbox
import Testing

struct SandboxJSONTests {
    private func roundTrip(_ text: String) throws -> String {
        String(decoding: try SandboxJSON(reading: Array(text.utf8)).written(), as: UTF8.self)
    }

    @Test("every number keeps its spelling", arguments: [
        "0", "-0", "1.10", "1e400", "1E+5", "-12.5e-7", "12345678901234567890", "123456789012345678901234567890.5",
    ])
    func numbers(_ number: String) throws {
        #expect(try self.roundTrip("[\(number)]") == "[\(number)]")
        #expect(try self.roundTrip(#"{"a":\#(number)}"#) == #"{"a":\#(number)}"#)
    }

    @Test("what is no JSON is refused", arguments: [
        "", "null", "1", "{", "[01]", "[1.]", "[.5]", "[+1]", "[1e]", "[--1]", "[1 2]", "{1:2}", "[NaN]", "[1,]",
        "[\"a]",
        "{\"a\" 1}", "[tru]", "[1 , ]", "{\"a\":1,}", "[,1]", "[1,,2]", "[/*c*/]", "['a']", "[\"\u{1}\"]", "[\"\\x\"]",
        "[\"\\ud800\"]", "[1]x", "{a:1}", "[Infinity]", "\u{FEFF}[]", "[\u{0}",
    ])
    func invalid(_ text: String) {
        #expect(throws: SandboxJSONError.self) { try SandboxJSON(reading: Array(text.utf8)) }
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

    @Test("times are written as the vendors write them", arguments: [
        (0.0, "1970-01-01T00:00:00.000Z"), (951_827_696.5, "2000-02-29T12:34:56.500Z"),
        (1_765_295_100.25, "2025-12-09T15:45:00.250Z"), (4_102_444_799.999, "2099-12-31T23:59:59.999Z"),
        (-1, "1970-01-01T00:00:00.000Z"), (.infinity, "1970-01-01T00:00:00.000Z"),
    ])
    func timestamps(_ seconds: Double, _ text: String) {
        #expect(Timestamp.text(seconds, milliseconds: true) == text)
        #expect(Timestamp.text(seconds) == text.prefix(19) + "Z")
    }
}
