import GatewayTranslation
import Testing

@Suite("Drafts of dialects")
struct DialectDraftTests {
    private func draft(
        path: String = "/items/{id}", request: String, answer: String? = nil, error: String? = nil
    ) throws -> String {
        try DialectDraft(
            name: "acme", method: "PUT", path: path, request: Array(request.utf8),
            answer: answer.map { Array($0.utf8) },
            error: error.map { Array($0.utf8) }
        ).text
    }

    @Test(
        "every draft is valid as it stands",
        arguments: [
            (
                "/v2/catalog/object",
                #"{"idempotency_key":"k","object":{"type":"ITEM","id":"X","version":1,"item_data":{"name":"Tea"}}}"#
            ),
            ("/i/{id}", #"{"title":"Tea","weight":400,"tags":[{"id":"x"}],"metadata":{"a":1},"handle":"tea"}"#),
            ("/i/{id}", #"{"sku":7,"price":"9.50","tags":"a,b","images":["u"],"description":{"en":"x"}}"#),
            ("/i/{id}", #"{"d":{"images":[{"src":"u"}],"price":9.5,"note":"{x}","title":null}}"#),
        ])
    func valid(path: String, request: String) throws {
        let errors = [
            #"{"errors":[{"category":"C","code":"X","detail":"d","field":"f"}]}"#,
            #"{"error":{"code":1,"message":"m"}}"#,
            #"["a"]"#, #"{"message":"m","path":["a"]}"#, "[]", "{}",
        ]
        for answer in [nil, #"{"object":{"id":"X","item_data":{"name":"Tea"}}}"#, #"{"ok":true}"#] {
            for error in errors {
                let text = try self.draft(path: path, request: request, answer: answer, error: error)
                #expect(throws: Never.self, "\(text)") { try Dialect(parsing: Array(text.utf8)) }
            }
        }
    }

    @Test("what is one example's own is no constant: ids are holes, versions and keys are left out")
    func ownValues() throws {
        let text = try self.draft(
            path: "/object",
            request:
                #"{"idempotency_key":"k-1","object":{"type":"I","id":"X-9","version":17,"item_data":{"name":"Tea"}}}"#
        )
        #expect(
            text.contains(#""body": { "object": { "type": "I", "id": "{id}", "item_data": "{fields}" } }"#),
            "\(text)")
        for value in ["k-1", "X-9", "17"] { #expect(!text.contains(value)) }
        #expect(text.contains("/idempotency_key, /object/version"))
    }

    @Test("one picture is a list of one")
    func picture() throws {
        let text = try self.draft(request: #"{"name":"Tea","image_url":"https://x.test/1"}"#)
        #expect(
            text.contains(#""/images": { "vendor": "/image_url", "as": "single", "entries": "{/url}" }"#), "\(text)")
    }

    @Test("without a field, or without a place for the id, there is no draft")
    func refusals() {
        #expect(throws: DialectDraft.ReadingError.self) { try self.draft(request: #"{"colour":"red"}"#) }
        #expect(throws: DialectDraft.ReadingError.self) { try self.draft(path: "/i", request: #"{"name":"x"}"#) }
        #expect(throws: DialectDraft.ReadingError.self) { try self.draft(request: "[]") }
    }

    @Test("the parts of an error are where the example has them")
    func errors() throws {
        let request = #"{"name":"x"}"#
        let nested = try self.draft(request: request, error: #"{"error":{"code":1,"message":"m"}}"#)
        #expect(nested.contains(#""code": ["/error/code"]"#) && nested.contains(#""detail": ["/error/message"]"#))
        let list = try self.draft(
            request: request, error: #"{"data":{"problems":[{"key":"K","msg":"m","property":"name"}]}}"#)
        #expect(list.contains(#""items": ["/data/problems"]"#) && list.contains(#""field": ["/property"]"#), "\(list)")
    }
}
