import GatewayDocuments
import GatewayTranslation
import Testing

/// A vendor that confirms an update with `204`, and is read with `200`.
@Suite("A success without a body")
struct BodilessAnswerTests {
    private static func dialect(success: String = "[204]", read: String = #"{"path": "/p/{id}"}"#) -> String {
        """
        {"format": 1, "name": "x", "title": "X", "updateSemantics": "replace", "read": \(read),
         "operations": {"update": {"method": "PUT", "path": "/p/{id}", "body": "{fields}", "success": \(success)},
          "create": {"method": "POST", "path": "/p", "body": "{fields}", "success": [201],
           "id": {"field": "/externalRef"}}},
         "answer": {"fields": "", "id": "/id", "required": ["/id"]},
         "fields": {"/name": {"vendor": "/n"}, "/externalRef": {"vendor": "/ref", "required": ["create"]}}}
        """
    }

    private static func plan(_ document: String = dialect()) throws -> TargetPlan {
        try TargetPlan(targetName: "x", dialect: Dialect(parsing: Array(document.utf8)))
    }

    private static func mistakes(_ document: String) -> [String] {
        do throws(DialectError) {
            _ = try Dialect(parsing: Array(document.utf8))
            return []
        } catch {
            return error.diagnostics.map { "\($0.path): \($0.message)" }
        }
    }

    @Test("204 without a body is a success without a product", arguments: [204, 205])
    func success(status: Int) throws {
        let plan = try Self.plan(Self.dialect(success: "[\(status)]"))
        let request = VendorRequest(method: "PUT", path: [], headers: [], body: [], id: Array("p-1".utf8))
        let folded = Translator().fold(
            VendorAnswer(status: status, body: []), to: request, operation: .update, for: plan)
        guard case .product(let answer) = folded else {
            Issue.record("\(folded)")
            return
        }
        #expect(answer.id == Array("p-1".utf8))
        #expect(answer.product.isEmpty)
        let json = Array("r-1".utf8).withUnsafeBufferPointer { answer.json(target: "x", requestID: $0) }
        #expect(
            String(decoding: json, as: UTF8.self)
                == #"{"target":"x","id":"p-1","warnings":[],"requestId":"r-1","vendor":{"status":\#(status)}}"#)
    }

    @Test(
        "any other empty answer is none, and neither is a body that is no product",
        arguments: [(200, ""), (204, "x"), (204, "{}"), (202, "")])
    func failure(status: Int, body: String) throws {
        let plan = try Self.plan(Self.dialect(success: "[200, 204]"))
        let folded = Translator().fold(
            VendorAnswer(status: status, body: Array(body.utf8)), to: nil, operation: .update, for: plan)
        guard case .problem(let problem) = folded else {
            Issue.record("\(folded)")
            return
        }
        #expect(problem.code == .vendorUnintelligible)
        #expect(problem.outcome == .unknown)
    }

    @Test("a read is judged by its own statuses, not by the update's")
    func reading() throws {
        let plan = try Self.plan()
        let translator = Translator()
        let request = try translator.translate(
            .update, for: plan, id: Array("p-1".utf8), body: Array(#"{"name":"new"}"#.utf8))
        let merged = try translator.merge(
            request, of: .update, into: VendorAnswer(status: 200, body: Array(#"{"id":"p-1","n":"old","m":1}"#.utf8)),
            for: plan, nowEpochSeconds: nil)
        #expect(String(decoding: merged.body, as: UTF8.self) == #"{"id":"p-1","n":"new","m":1}"#)
        #expect(throws: Problem.self) {
            try translator.merge(
                request, of: .update, into: VendorAnswer(status: 204, body: []), for: plan, nowEpochSeconds: nil)
        }
    }

    @Test("a read needs a body, and so does a create whose id is in the answer")
    func checking() {
        #expect(
            Self.mistakes(Self.dialect(read: #"{"path": "/p/{id}", "success": [204]}"#))
                == ["$.read.success[0]: an answer with this status has no product"])
        #expect(
            Self.mistakes(
                Self.dialect().replacing(#""success": [201]"#, with: #""success": [201, 204]"#)
                    .replacing(#"{"field": "/externalRef"}"#, with: #"{"answer": "/id"}"#))
                == ["$.operations.create.success[1]: an answer with this status has no id of the new product"])
    }
}
