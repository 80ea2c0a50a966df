import GatewayTranslation
import Testing

@Suite("What is taken from an answer, and what is not there")
struct AnswerTakingTests {
    private func plan(_ headers: String) throws -> TargetPlan {
        let document = """
            {"format": 2, "name": "x", "title": "X",
             "operations": {"update": {"method": "PUT", "path": "/p/{id}", "headers": {"x-token": "\(headers)"},
              "body": "{fields}"}},
             "read": {"path": "/p/{id}"},
             "answer": {"fields": "", "id": "/id", "required": ["/id"]},
             "fields": {"/name": {"vendor": "/name"}}}
            """
        return try TargetPlan(targetName: "x", dialect: Dialect(parsing: Array(document.utf8)))
    }

    private func merged(_ hole: String, _ answer: VendorAnswer) throws -> VendorRequest {
        let plan = try self.plan(hole)
        let translator = Translator()
        let request = try translator.translate(
            .update, for: plan, id: Array("1".utf8), body: Array(#"{"name":"n"}"#.utf8))
        return try translator.merge(request, of: .update, into: answer, for: plan, nowEpochSeconds: nil)
    }

    @Test("a token that is missing is named, and nothing is sent")
    func missing() throws {
        let error = #expect(throws: Problem.self) {
            try self.merged("{read:header:x-token}", VendorAnswer(status: 200, body: Array(#"{"id":1}"#.utf8)))
        }
        #expect(error?.detail == "X has answered, but what the next request needs (read:header:x-token) is not there.")
        #expect(error?.outcome == .notSent)
    }

    @Test("a token that no header field can hold is as good as none", arguments: ["a\tb", "a\u{7F}"])
    func unwritable(token: String) throws {
        let header = VendorAnswer(
            status: 200, body: Array(#"{"id":1}"#.utf8), headers: [(name: "x-token", value: token)])
        #expect(throws: Problem.self) { try self.merged("{read:header:x-token}", header) }
        let body = VendorAnswer(status: 200, body: Array(#"{"id":1,"t":"a\tb"}"#.utf8))
        #expect(throws: Problem.self) { try self.merged("{read:/t}", body) }
        let good = VendorAnswer(status: 200, body: Array(#"{"id":1,"t":"ab"}"#.utf8))
        #expect(try self.merged("{read:/t}", good).headers.contains { $0 == ("x-token", "ab") })
    }

    @Test("without a product, that is what is said")
    func noProduct() throws {
        let error = #expect(throws: Problem.self) {
            try self.merged("{read:/t}", VendorAnswer(status: 200, body: Array("[]".utf8)))
        }
        #expect(error?.detail.contains("gave no product to merge the update into") == true)
    }
}
