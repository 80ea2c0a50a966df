import Testing

@testable import GatewayTranslation

@Suite("What a dialect says of asking again")
struct RepeatingTests {
    private static func plan(_ name: String, _ parameters: [String: String] = [:]) throws -> TargetPlan {
        try TargetPlan(
            targetName: name, dialect: Dialect(named: name), options: TargetOptions(parameters: parameters))
    }

    @Test("a probe is a read, where the dialect has one, whatever comes next")
    func read() throws {
        let plan = try Self.plan("catalogue")
        let update = try #require(plan.probe(before: .update, id: Array("a b".utf8)))
        #expect(update.method == "GET")
        #expect(update.pathText == "/catalogue/products/a%20b")
        #expect(plan.probe(before: .create, id: nil)?.method == "GET")
    }

    @Test("without a read an update is its own probe, and a create is preceded by one that changes nothing")
    func noRead() throws {
        let plan = try Self.plan("cor", ["source": "SAP"])
        #expect(plan.probe(before: .update, id: Array("1".utf8)) == nil)
        let create = try #require(plan.probe(before: .create, id: nil))
        #expect(create.method == "OPTIONS")
        #expect(create.pathText == "/v2/integrations/products")
        #expect(create.body.isEmpty)
    }

    @Test("whose id a create's product gets is the dialect's")
    func identity() throws {
        #expect(try Self.plan("cor", ["source": "SAP"]).createIdentity == .callersID)
        #expect(try Self.plan("catalogue").createIdentity == .vendorsID)
    }

    private static func dialect(statuses: String) -> String {
        """
        {"format": 1, "name": "acme", "title": "Acme",
         "operations": {"update": {"method": "PUT", "path": "/p/{id}", "body": "{fields}"},
                        "create": {"method": "POST", "path": "/p", "body": "{fields}", "id": {"answer": "/id"}}},
         "answer": {"fields": "", "required": ["/id"]},
         "fields": {"/name": {"vendor": "/name"}},
         "errors": {"statuses": \(statuses)}}
        """
    }

    private static func plan(statuses: String) throws -> TargetPlan {
        try TargetPlan(
            targetName: "acme", dialect: Dialect(parsing: Array(Self.dialect(statuses: statuses).utf8)))
    }

    @Test("503 is a refusal where the dialect says so, and only then")
    func refusal() throws {
        let said = try Self.plan(
            statuses: #"{"503": {"code": "vendor_unavailable", "outcome": "rejected", "repeat": true}}"#)
        #expect(said.word(on: 503) == (true, true))
        #expect(said.word(on: 500) == (false, false))
        let answer = { VendorAnswer(status: 503, body: []) }
        func folded(_ plan: TargetPlan, _ operation: ProductOperation) -> Problem? {
            guard case .problem(let problem) = Translator().fold(answer(), to: nil, operation: operation, for: plan)
            else { return nil }
            return problem
        }
        #expect(folded(said, .create)?.outcome == .rejected)
        #expect(folded(said, .create)?.isRetryable == true)
        let silent = try Self.plan(statuses: "{}")
        #expect(folded(silent, .create)?.outcome == .unknown)
        #expect(folded(silent, .create)?.isRetryable == false)
    }

    @Test(
        "a dialect cannot make another failure a refusal, nor have refusals asked again",
        arguments: [
            #"{"500": {"code": "vendor_error", "outcome": "rejected"}}"#,
            #"{"429": {"code": "rate_limited", "repeat": true}}"#,
            #"{"409": {"code": "conflict", "repeat": true}}"#,
            #"{"503": {"code": "vendor_unavailable", "repeat": "yes"}}"#,
        ])
    func refused(statuses: String) {
        #expect(throws: DialectError.self) { try Self.plan(statuses: statuses) }
    }
}
