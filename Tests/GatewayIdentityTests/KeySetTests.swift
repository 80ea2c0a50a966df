import GatewayJSON
import Testing

@testable import GatewayIdentity

@Suite("Key sets")
struct KeySetTests {
    private static func key(_ name: String, _ more: String = "") -> String {
        #"{"kty":"OKP","crv":"Ed25519","kid":"\#(name)","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"\#(more)}"#
    }

    private static func set(_ keys: String...) throws -> KeySet {
        try KeySet(parsing: Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8))
    }

    @Test("a key with its private part is left out", arguments: ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
    func privateParts(member: String) throws {
        let set = try Self.set(Self.key("a", #","\#(member)":"AAAA""#), Self.key("b"))
        #expect(set.ids == ["b"])
        #expect(set.leftOut == 1)
        #expect(set.firstObjection?.contains("private") == true)
    }

    @Test("a member twice in a key costs that key only, and twice elsewhere the set")
    func duplicates() throws {
        let twice = Self.key("twice", #","kid":"b""#)
        #expect(try Self.set(Self.key("a"), twice, Self.key("b")).ids == ["a", "b"])
        #expect(try Self.set(twice, twice, Self.key("b")).leftOut == 2)
        #expect(try Self.set(Self.key("a"), Self.key("c", #","x5c":[{"\"]}":{},"\"]}":{}}]"#)).ids == ["a"])
        for text in [
            #"{"keys":[\#(Self.key("a"))],"keys":[]}"#, #"{"keys":[\#(Self.key("a"))"#,
            #"{"keys":[\#(Self.key("a")),\#(twice)}"#,
        ] {
            #expect(throws: KeySet.Failure.notJSON) { try KeySet(parsing: Array(text.utf8)) }
        }
    }

    @Test("of more than four keys with one name the others are left out, and counted")
    func sameName() throws {
        let set = try Self.set(
            Self.key("a"), Self.key("a"), Self.key("a"), Self.key("a"), Self.key("a"), Self.key("b"))
        #expect(set.count == 5)
        #expect(set.leftOut == 1)
        #expect(set.firstObjection?.contains("same name") == true)
    }

    @Test("names of keys are told apart by their bytes")
    func exactNames() throws {
        let set = try Self.set(Self.key("K"), Self.key("\u{212a}"))
        #expect(set.ids[0] != set.ids[1])
    }
}
