import GatewayTranslation
import Testing

@Suite("Golden cases themselves")
struct DialectCaseTests {
    private func mistakes(_ text: String, of dialect: String = "adobe-commerce") throws -> [String] {
        let golden = try DialectCase(parsing: text)
        let plan = try TargetPlan(targetName: dialect, dialect: Dialect(named: dialect), options: golden.options())
        return DialectCaseRun(golden, at: plan).mistakes()
    }

    private static let dash = "----------"

    @Test("requests in another order, or with another one's body, do not hold")
    func order() throws {
        let start = """
            id: S1
            parameters: currency=EUR weightUnit=kg
            \(Self.dash)
            {"translations": {"de": {"name": "x"}, "fr": {"name": "y"}}, "name": "n"}
            \(Self.dash)

            """
        let lines = [
            "PUT /rest/all/V1/products/S1", #"{"product":{"name":"n"}}"#, "then: PUT /rest/de/V1/products/S1",
            #"{"product":{"name":"x"}}"#, "then: PUT /rest/fr/V1/products/S1", #"{"product":{"name":"y"}}"#,
        ]
        #expect(try self.mistakes(start + lines.joined(separator: "\n")) == [])
        for other in [[4, 5, 2, 3, 0, 1], [0, 1, 2, 5, 4, 3], [0, 1, 4, 5, 2, 3], [0, 1, 2, 3]] {
            let text = start + other.map { lines[$0] }.joined(separator: "\n")
            #expect(try !self.mistakes(text).isEmpty, "\(other)")
        }
    }

    @Test("what is said belongs to the error before it; the wording may go unmentioned")
    func pairing() throws {
        let start = """
            status: 422
            \(Self.dash)
            {"errors": {"name": "first", "sku": "second"}}
            \(Self.dash)
            problem: 422 validation_failed vendor rejected

            """
        let bigcommerce = "bigcommerce"
        #expect(
            try self.mistakes(start + "error: /name invalid\nerror: /sku invalid\nsays: second", of: bigcommerce) == [])
        #expect(
            try !self.mistakes(
                start + "error: /name invalid\nsays: second\nerror: /sku invalid", of: bigcommerce
            ).isEmpty)
        #expect(
            try self.mistakes(start + "error: /sku invalid\nerror: /name invalid", of: bigcommerce).count == 2)
    }

    @Test(
        "a value that a setting cannot have is refused, with those that it can",
        arguments: [
            ("operation: updaet", #""operation" is "updaet": expected update, create, read"#),
            ("handling: strikt", #""handling" is "strikt": expected strict, lenient"#),
            ("semantics: put", #""semantics" is "put": expected partial, replace"#),
            ("status: 4o4", #""status" is "4o4": expected a whole number from 0 to 999"#),
            ("read-status: 42", #""read-status" is "42": expected a whole number from 100 to 599"#),
            ("step: -1", #""step" is "-1": expected a whole number from 0 to 99"#),
            ("cut: no", #""cut" is "no": expected yes"#),
            (
                "parameters: currency",
                #""parameters" is "currency": expected NAME=VALUE, several with spaces between them, or none"#
            ),
            ("enabled: /colour", #""enabled" is "/colour", which is no canonical pointer"#),
            ("sent: {}", #""sent" says something of an answer: it needs "status", the answer's"#),
            ("status: 200\nsent: {", #""sent" is no JSON: expected the canonical body of the request"#),
            ("id: 1\nid: 2", #"the setting "id" is there twice"#),
        ])
    func settings(line: String, message: String) {
        let error = #expect(throws: DialectCase.ReadingError.self) {
            try DialectCase(parsing: "\(line)\n\(Self.dash)\n{}\n\(Self.dash)\nx")
        }
        #expect(error?.message == message)
    }
}
