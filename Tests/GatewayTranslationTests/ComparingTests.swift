import GatewayJSON
import Testing

@testable import GatewayTranslation

@Suite("Whether a product is as it was asked for")
struct ComparingTests {
    private static func compare(_ asked: String, _ found: String, before: String? = nil) throws -> ProductComparison {
        ProductComparison(
            asked: try JSONDocument(parsing: asked).root, found: try JSONDocument(parsing: found).root,
            before: try before.map { try JSONDocument(parsing: $0).root },
            unanswered: [["secret"], ["deep", "secret"]])
    }

    @Test(
        "all that was asked is there, whatever else is",
        arguments: [
            (#"{"a":1}"#, #"{"a":1,"b":2}"#), (#"{"a":{"b":"x"}}"#, #"{"a":{"b":"x","c":1}}"#),
            (#"{"a":[1,{"b":null}]}"#, #"{"a":[1,{"b":null}]}"#), (#"{"a":null}"#, "{}"),
            (#"{"a":null}"#, #"{"a":null}"#),
            (#"{"a":"\u00e9"}"#, #"{"a":"é"}"#), (#"{"a":true,"secret":1}"#, #"{"a":true}"#),
            (#"{"a":1,"deep":{"secret":2}}"#, #"{"a":1,"deep":{}}"#),
        ])
    func asAsked(asked: String, found: String) throws {
        #expect(try Self.compare(asked, found).isAsAsked)
    }

    @Test(
        "anything that differs, or of which nothing can be seen, is not",
        arguments: [
            (#"{"a":1}"#, #"{"a":2}"#), (#"{"a":1}"#, "{}"), (#"{"a":1.0}"#, #"{"a":1}"#),
            (#"{"a":[1]}"#, #"{"a":[1,2]}"#),
            (#"{"a":{"b":1}}"#, #"{"a":1}"#), (#"{"a":true}"#, #"{"a":false}"#), (#"{"a":null}"#, #"{"a":0}"#),
            (#"{"secret":1}"#, #"{"secret":1}"#), ("{}", "{}"),
        ])
    func notAsAsked(asked: String, found: String) throws {
        #expect(try !Self.compare(asked, found).isAsAsked)
    }

    @Test("somebody else has changed what is neither as before nor as asked, of what was asked alone")
    func changedByOthers() throws {
        let asked = #"{"name":"x","map":{"k":1}}"#
        func changed(_ found: String) throws -> Bool {
            try Self.compare(asked, found, before: #"{"name":"old","map":{"k":0,"l":0},"note":"a"}"#).isChangedByOthers
        }
        #expect(try !changed(#"{"name":"old","map":{"k":0,"l":7},"note":"b"}"#))
        #expect(try !changed(#"{"name":"x","map":{"k":0},"note":"b"}"#), "that may have been this update")
        #expect(try changed(#"{"name":"theirs","map":{"k":0}}"#))
        #expect(try changed(#"{"name":"old","map":{"k":5}}"#))
        #expect(try changed(#"{"name":"old"}"#))
        #expect(try !Self.compare(asked, #"{"name":"theirs"}"#).isChangedByOthers, "nobody knows what it was")
    }

    private static func plan(find: String) throws -> TargetPlan {
        try TargetPlan(
            targetName: "acme",
            dialect: Dialect(
                parsing: Array(
                    """
                    {"format": 1, "name": "acme", "title": "Acme",
                     "parameters": {"shop": {}},
                     "operations": {
                       "update": {"method": "PUT", "path": "/p/{id}", "body": "{fields}"},
                       "create": {"method": "POST", "path": "/p", "body": {"data": "{fields}"},
                                  "id": {"answer": "/data/id"}, "find": \(find)}},
                     "answer": {"fields": "/data", "id": "/data/id", "required": ["/data/id"]},
                     "fields": {"/name": {"vendor": "/name"}, "/sku": {"vendor": "/number"}}}
                    """.utf8)), options: TargetOptions(parameters: ["shop": "a/b"]))
    }

    @Test("a lookup asks by what was sent, escaped, and takes what it finds to where a create's answer has it")
    func find() throws {
        let plan = try Self.plan(
            find: #"{"path": "/{parameter:shop}/p?number={/data/number}", "product": "/found/0", "as": "/data"}"#)
        let translator = Translator()
        let create = try translator.translate(
            .create, for: plan, id: nil, body: Array(#"{"name":"x","sku":"a&b"}"#.utf8))
        let request = try #require(plan.findRequest(after: create))
        #expect(request.pathText == "/a%2Fb/p?number=a%26b")
        let answer = VendorAnswer(
            status: 200, body: Array(#"{"found":[{"id":"9","name":"x","number":"a&b","more":1}]}"#.utf8))
        guard case .asAsked(let product) = translator.found(in: answer, after: create, for: plan) else {
            Issue.record("was not found")
            return
        }
        #expect(product.id == Array("9".utf8))
        #expect(String(decoding: product.product, as: UTF8.self) == #"{"name":"x","sku":"a&b"}"#)
        let nameless = try translator.translate(.create, for: plan, id: nil, body: Array(#"{"name":"x"}"#.utf8))
        #expect(plan.findRequest(after: nameless) == nil, "there is nothing to look for")
    }

    @Test(
        "a lookup that could find anything is refused",
        arguments: [
            #"{"path": "/p"}"#, #"{"path": "/p/{parameter:shop}"}"#, #"{"path": "p?x={/data/number}"}"#,
            #"{"path": "/p?x={/data/number"}"#, #"{"path": "/p?x={number}"}"#, #"{"path": "/p?x={parameter:other}"}"#,
            #"{"product": "/a"}"#, #"{"path": "/p?x={/data/number}", "success": [404]}"#,
        ])
    func refused(find: String) {
        #expect(throws: DialectError.self) { try Self.plan(find: find) }
    }
}
