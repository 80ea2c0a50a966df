import GatewayJSON
import Testing

@Suite("Reading settings")
struct JSONDocumentTests {
    @Test("members keep their order, values their bytes")
    func order() throws {
        let document = try JSONDocument(parsing: #"{"z": 1.10, "a": [1e400, -0], "m": {"\u0061": null}}"#)
        #expect(document.root.members.map(\.name) == ["z", "a", "m"])
        #expect(document.root["z"].map { String(decoding: $0.rawBytes, as: UTF8.self) } == "1.10")
        #expect(document.root["a"]?.elements.map { String(decoding: $0.rawBytes, as: UTF8.self) } == ["1e400", "-0"])
        #expect(document.root["m"]?["a"]?.isNull == true)
    }

    @Test("every node knows its line and column")
    func places() throws {
        let document = try JSONDocument(parsing: "{\n  \"é\": [1,\n    true]\n}")
        let array = try #require(document.root["é"])
        #expect(array.line == 2)
        #expect(array.column == 8)
        #expect(array.elements[1].line == 3)
        #expect(array.elements[1].column == 5)
    }

    @Test("scalars are read only as what they are")
    func scalars() throws {
        let document = try JSONDocument(parsing: #"["a\né\ud83d\ude00", 12, 1.0, 99999999999999999999, true, null]"#)
        let elements = document.root.elements
        #expect(elements[0].string == "a\né😀")
        #expect(elements[1].integer == 12)
        #expect(elements[2].integer == nil)
        #expect(elements[3].integer == nil)
        #expect(elements[4].bool == true)
        #expect(elements[5].isNull)
        #expect(elements[1].string == nil)
        #expect(elements[0].members.isEmpty)
        #expect(elements[0].elements.isEmpty)
    }

    @Test("lengths are counted in scalar values, escaped or not")
    func lengths() throws {
        let document = try JSONDocument(parsing: #"["", "abc", "é天😀", "\u00e9\ud83d\ude00\n"]"#)
        let counts = document.withView { view in (1...4).map { view.scalarCount(view[$0]) } }
        #expect(counts == [0, 3, 3, 3])
    }
}
