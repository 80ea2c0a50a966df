import GatewayJSON
import Testing

@Suite("Parsing by RFC 8259")
struct JSONTapeTests {
    private func error(_ text: String) -> JSONError? { self.error(Array(text.utf8)) }

    private func error(_ bytes: [UInt8], limits: JSONLimits = .exchange) -> JSONError? {
        do throws(JSONError) {
            _ = try JSONDocument(parsing: bytes, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "every kind of value is accepted at the top",
        arguments: [
            "null", "true", "false", "0", "-0", "1.10", "1e400", "-12.5E+3", "\"\"", "\"a\"", "[]", "{}", " [ ] ",
            "\t{\r\n}\n",
            "[1,2]", #"{"a":1}"#, #"{"a":{"b":[{},[],""]}}"#, "12345678901234567890", "0.0e-0",
            #""\u00e9\/\b\f\n\r\t\\\"""#,
            #""\ud83d\ude00""#, "\"😀é天\u{7F}\"", #"{"":{"":0}}"#, #""\u0000""#, #""\uD800\uDC00""#,
            "\"\u{FFFF}\u{10FFFF}\"",
        ])
    func accepts(text: String) {
        #expect(self.error(text) == nil)
    }

    @Test(
        "what is not JSON is refused with its reason and place",
        arguments: [
            ("", JSONErrorReason.empty, 1, 1), ("  \n", .empty, 2, 1), ("[", .unexpectedEnd, 1, 2),
            ("{", .unexpectedEnd, 1, 2), ("[1", .unexpectedEnd, 1, 3), (#"{"a""#, .unexpectedEnd, 1, 5),
            (#"{"a":"#, .unexpectedEnd, 1, 6), (#"{"a":1"#, .unexpectedEnd, 1, 7), ("\"abc", .unexpectedEnd, 1, 5),
            ("\"abcdefghijk", .unexpectedEnd, 1, 13), ("-", .unexpectedEnd, 1, 2), ("1.", .unexpectedEnd, 1, 3),
            ("1e", .unexpectedEnd, 1, 3), ("tru", .unexpectedEnd, 1, 4), (#""\u12"#, .unexpectedEnd, 1, 6),
            ("[1,]", .trailingComma, 1, 3), (#"{"a":1,}"#, .trailingComma, 1, 7), ("[,1]", .expectedValue, 1, 2),
            ("[1 2]", .expectedCommaOrBracket, 1, 4), ("[1}", .expectedCommaOrBracket, 1, 3),
            (#"{"a":1 "b":2}"#, .expectedCommaOrBrace, 1, 8), (#"{"a":1]"#, .expectedCommaOrBrace, 1, 7),
            (#"{"a" 1}"#, .expectedColon, 1, 6), ("{a:1}", .expectedName, 1, 2), ("{'a':1}", .expectedName, 1, 2),
            ("{1:1}", .expectedName, 1, 2), ("01", .leadingZero, 1, 1), ("-01", .leadingZero, 1, 2),
            ("00", .leadingZero, 1, 1),
            ("+1", .leadingPlus, 1, 1), (".5", .missingDigit, 1, 1), ("-a", .missingDigit, 1, 2),
            ("1.a", .missingDigit, 1, 3),
            ("1.e5", .missingDigit, 1, 3), ("1e+", .unexpectedEnd, 1, 4), ("[1e]", .missingDigit, 1, 4),
            ("NaN", .notANumberLiteral, 1, 1), ("nan", .notANumberLiteral, 1, 1),
            ("Infinity", .notANumberLiteral, 1, 1),
            ("-Infinity", .notANumberLiteral, 1, 1), ("True", .misspelledLiteral, 1, 1),
            ("nul!", .misspelledLiteral, 1, 1),
            ("undefined", .misspelledLiteral, 1, 1), ("[tru]", .misspelledLiteral, 1, 2),
            ("1 2", .trailingBytes, 1, 3), ("{}x", .trailingBytes, 1, 3), ("null\u{0}", .trailingBytes, 1, 5),
            ("\"a\tb\"", .controlCharacter, 1, 3), ("\"\u{0}\"", .controlCharacter, 1, 2),
            ("\"a\nb\"", .controlCharacter, 1, 3),
            (#""\x""#, .invalidEscape, 1, 2), (#""\u12g4""#, .invalidHexDigit, 1, 6), (#""\'""#, .invalidEscape, 1, 2),
            (#""\ud800""#, .loneSurrogate, 1, 2), (#""\udc00""#, .loneSurrogate, 1, 2),
            (#""\ud800\n""#, .loneSurrogate, 1, 2),
            (#""\ud800\ud800""#, .loneSurrogate, 1, 2), (#""\ud800x""#, .loneSurrogate, 1, 2),
            ("\u{FEFF}{}", .byteOrderMark, 1, 1), ("/* c */1", .comment, 1, 1), ("]", .expectedValue, 1, 1),
            ("{\"a\": 1 // one\n}", .comment, 1, 9), ("[1, # two\n2]", .comment, 1, 5),
            ("{\n// none\n}", .comment, 2, 1), ("{} // end", .comment, 1, 4), ("{\"a\" /* b */: 1}", .comment, 1, 6),
            ("[1 / 2]", .expectedCommaOrBracket, 1, 4), (##"["\#"]"##, .invalidEscape, 1, 3),
            ("{\"é\":\n  天}", .expectedValue, 2, 3), ("[1,\r\n2,\r 3 x]", .expectedCommaOrBracket, 3, 4),
            ("\u{C}1", .expectedValue, 1, 1), ("\u{A0}1", .expectedValue, 1, 1),
        ])
    func refuses(text: String, reason: JSONErrorReason, line: Int, column: Int) {
        let error = self.error(text)
        #expect(error?.reason == reason)
        #expect(error?.line == line)
        #expect(error?.column == column)
    }

    @Test("UTF-16 and UTF-32 are named, with a byte order mark and without")
    func namesOtherEncodings() {
        for document in [#"{"name":"x"}"#, #"["é"]"#, "[1]", #""é""#] {
            var little: [UInt8] = []
            var big: [UInt8] = []
            var wide: [UInt8] = []
            for unit in document.utf16 {
                little += [UInt8(truncatingIfNeeded: unit), UInt8(unit >> 8)]
                big += [UInt8(unit >> 8), UInt8(truncatingIfNeeded: unit)]
                wide += [UInt8(truncatingIfNeeded: unit), 0, 0, 0]
            }
            let marked: [[UInt8]] = [[0xFF, 0xFE] + little, [0xFE, 0xFF] + big]
            for text in marked + [little, big, wide, Array(wide.reversed())] {
                let error = self.error(text)
                #expect(error?.reason == .otherEncoding, "\(text)")
                #expect(error?.line == 1 && error?.column == 1)
            }
        }
        #expect(self.error("{\u{0}}")?.reason == .expectedName)
    }

    @Test(
        "invalid UTF-8 is refused wherever it stands",
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
            [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xFE], [0xFF],
        ] as [[UInt8]])
    func refusesInvalidUTF8(bytes: [UInt8]) {
        for padding in 0..<17 {
            let text = [0x22] + [UInt8](repeating: 0x61, count: padding) + bytes + [0x22]
            #expect(self.error(text)?.reason == .invalidUTF8)
            #expect(self.error(text)?.offset == padding + 1)
        }
    }

    @Test("UTF-8 is checked exactly as the standard library checks it, for every two and three bytes")
    func checksUTF8Exhaustively() {
        var disagreements = 0
        for lead in UInt8(0x80)...0xFF {
            for second in stride(from: UInt8(0x60), through: 0xF0, by: 1) {
                for third: UInt8? in [nil, 0x7F, 0x80, 0xBF, 0xC0] {
                    let content = [lead, second] + (third.map { [$0] } ?? [])
                    guard !content.contains(0x5C) else { continue }
                    let isValid = String(validating: content, as: UTF8.self) != nil
                    if (self.error([0x22] + content + [0x22]) == nil) != isValid { disagreements += 1 }
                }
            }
        }
        #expect(disagreements == 0)
    }

    @Test("a special byte is found at every place of a word")
    func findsSpecialBytesEverywhere() {
        for length in 0..<40 {
            let plain = [UInt8](repeating: 0x61, count: length)
            #expect(self.error([0x22] + plain + [0x22]) == nil)
            #expect(self.error([0x22] + plain + [0x1F, 0x22])?.offset == length + 1)
            #expect(self.error([0x22] + plain + [0x5C, 0x6E] + plain + [0x22]) == nil)
            #expect(self.error([0x22] + plain + [0x22, 0x22])?.reason == .trailingBytes)
            #expect(self.error([0x22] + plain + [0x20, 0x21, 0x23, 0x5B, 0x5D, 0x7F] + plain + [0x22]) == nil)
        }
    }

    @Test(
        "a duplicate member is refused with its pointer",
        arguments: [
            (#"{"a":1,"a":2}"#, "/a"), (#"{"a":1,"\u0061":2}"#, "/a"),
            (#"{"x":[0,{"b/c":1,"~":2,"b/c":3}]}"#, "/x/1/b~1c"),
            (#"{"":1,"":2}"#, "/"), (#"[[],{"k":{"é":1,"\u00e9":1}}]"#, "/1/k/é"),
        ])
    func refusesDuplicates(text: String, pointer: String) {
        let error = self.error(text)
        #expect(error?.reason == .duplicateName)
        #expect(error?.pointer == pointer)
    }

    @Test("duplicates are found among any number of members", arguments: [2, 8, 16, 17, 18, 100, 5000])
    func findsDuplicatesAmongMany(count: Int) {
        let members = (0..<count).map { #""name \#($0)":{"a":\#($0)}"# }
        #expect(self.error("{" + members.joined(separator: ",") + "}") == nil)
        let doubled = members + [#""name \#(count / 2)":0"#]
        #expect(self.error("{" + doubled.joined(separator: ",") + "}")?.pointer == "/name \(count / 2)")
    }

    @Test("the same name may occur in different objects")
    func allowsEqualNamesApart() {
        #expect(self.error(#"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}"#) == nil)
    }

    @Test("depth and size are limited")
    func limits() {
        let limits = JSONLimits(bytesMax: 100, depthMax: 3)
        #expect(self.error(Array("[[[1]]]".utf8), limits: limits) == nil)
        #expect(self.error(Array("[[{\"a\":[]}]]".utf8), limits: limits)?.reason == .tooDeep(depthMax: 3))
        #expect(self.error(Array("[[],[],[],[[]]]".utf8), limits: limits) == nil)
        #expect(self.error([UInt8](repeating: 0x20, count: 101), limits: limits)?.reason == .tooLarge(bytesMax: 100))
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 500_000)
        #expect(self.error(deep)?.reason == .tooDeep(depthMax: 64))
    }

    @Test("no cut of a document is accepted, and none traps")
    func cutsAreRefused() {
        let text = Array(#"{"a":[1.5e+3,"\ud83d\ude00é",{"b":null,"c":[true,false]}],"d":{}}"#.utf8)
        for length in 0..<text.count {
            #expect(self.error(Array(text[..<length])) != nil)
        }
    }

    @Test("no single changed byte traps")
    func survivesChanges() {
        let text = Array(#"{"a":[1.5e+3,"\ud83d\ude00é",{"b":null,"c":[true,false]}],"d":{}}"#.utf8)
        for index in text.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = text
                changed[index] = byte
                _ = self.error(changed)
            }
        }
    }

    @Test("a tape can be used again after success and after failure")
    func reusesStorage() throws {
        let tape = JSONTape()
        for round in 0..<4 {
            let big = Array(
                ("[" + [String](repeating: "{\"a\":1}", count: 500 << round).joined(separator: ",") + "]").utf8)
            big.withUnsafeBufferPointer { buffer in
                #expect((try? tape.parse(buffer, limits: .exchange))?.childCount(of: 0) == 500 << round)
            }
            Array("[1".utf8).withUnsafeBufferPointer { buffer in
                #expect((try? tape.parse(buffer, limits: .exchange)) == nil)
            }
        }
    }
}
