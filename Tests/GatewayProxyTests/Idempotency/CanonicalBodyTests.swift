import GatewayJSON
import Testing

@testable import GatewayProxy

@Suite("A body in one form")
struct CanonicalBodyTests {
    private func form(_ text: String) throws -> [UInt8] {
        let document = try JSONDocument(parsing: text)
        return try #require(
            document.withView { view in
                let text = CanonicalText()
                CanonicalBody().append(view, at: 0, textBytes: view[0].byteCount, to: text)
                return Array(text.bytes)
            })
    }

    @Test(
        "does not depend on order, white space and escapes",
        arguments: [
            ("{\"a\":1,\"b\":[true,null]}", " { \"b\" : [ true , null ] , \"a\" : 1 } "),
            ("{\"name\":\"é/\"}", "{\"n\\u0061me\":\"\\u00e9\\/\"}"),
            ("{\"x\":{\"b\":1,\"a\":2}}", "{\"x\":{\"a\":2,\"b\":1}}"),
            ("{\"a\":1,\"\\u0062\":2,\"c\":3}", "{\"c\":3,\"b\":2,\"a\":1}"),
        ])
    func same(one: String, other: String) throws { #expect(try self.form(one) == self.form(other)) }

    @Test(
        "tells everything else apart",
        arguments: [
            ("{\"a\":1}", "{\"a\":1.0}"), ("{\"a\":1}", "{\"a\":\"1\"}"), ("[1,2]", "[2,1]"), ("[12]", "[1,2]"),
            ("{\"a\":\"b\"}", "{\"a\":\"b\",\"c\":null}"), ("[[],[]]", "[[[]]]"), ("[\"ab\",\"c\"]", "[\"a\",\"bc\"]"),
            ("{\"a\":{}}", "{\"a\":[]}"), ("[null]", "[\"null\"]"), ("{\"a\":1e2}", "{\"a\":100}"),
            ("[\"]\"]", "[[]]"), ("{}", "[]"),
        ])
    func different(one: String, other: String) throws { #expect(try self.form(one) != self.form(other)) }
}
