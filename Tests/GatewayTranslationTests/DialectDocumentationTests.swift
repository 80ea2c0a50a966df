import Foundation
import GatewayJSON
import GatewayTranslation
import Testing

/// Runs `docs/dialects.md`: what it teaches is what the code does.
@Suite("The fifth vendor of docs/dialects.md")
struct DialectDocumentationTests {
    private static let docs = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs")

    /// The fenced block whose info string is given.
    private func block(_ info: String) throws -> String {
        let text = try String(contentsOf: Self.docs.appending(path: "dialects.md"), encoding: .utf8)
        let start = try #require(text.range(of: "```\(info)\n"))
        let end = try #require(text[start.upperBound...].range(of: "\n```"))
        return String(text[start.upperBound..<end.lowerBound])
    }

    private func plan() throws -> TargetPlan {
        try TargetPlan(
            targetName: "marigold", dialect: Dialect(parsing: Array(self.block("json dialect").utf8)),
            options: TargetOptions(parameters: ["tenant": "acme"]))
    }

    @Test("the canonical update becomes the vendor request")
    func translates() throws {
        let body = Array(try self.block("json canonical-update").utf8)
        let request = try Translator().translate(.update, for: self.plan(), id: Array("M-7".utf8), body: body)
        #expect(request.method == "PATCH")
        #expect(request.pathText == "/api/acme/items/M-7")
        #expect(
            DialectCaseRun.normalised(String(decoding: request.body, as: UTF8.self))
                == DialectCaseRun.normalised(try self.block("json vendor-request")))
    }

    @Test("the vendor's answer becomes the canonical product")
    func folds() throws {
        let body = Array(try self.block("json vendor-answer").utf8)
        let answer = Translator().fold(
            VendorAnswer(status: 200, body: body), to: nil, operation: .update, for: try self.plan())
        guard case .product(let product) = answer else {
            Issue.record("\(answer)")
            return
        }
        // The nested texts come where their object stands in the answer; the page shows them in that order.
        let expected = DialectCaseRun.normalised(try self.block("json canonical-product"))
        #expect(DialectCaseRun.normalised(String(decoding: product.product, as: UTF8.self)) == expected)
    }

    @Test("the vendor's error comes back in the caller's words")
    func foldsErrors() throws {
        let body = Array(try self.block("json vendor-error").utf8)
        let answer = Translator().fold(
            VendorAnswer(status: 400, body: body), to: nil, operation: .update, for: try self.plan())
        guard case .problem(let problem) = answer else {
            Issue.record("\(answer)")
            return
        }
        let lines =
            ["\(problem.status) \(problem.code.rawValue) \(problem.outcome.rawValue)"]
            + problem.errors.map { "\($0.pointer ?? "-") \($0.code): \($0.detail)" }
        #expect(lines.joined(separator: "\n") == (try self.block("text errors")))
        #expect(problem.vendor?.code == "4713")
        #expect(problem.vendor?.requestID == "T-99")
    }

    @Test("a vendor code wins against the status, a status of the dialect against the usual one")
    func classifies() throws {
        let plan = try self.plan()
        let cases: [(Int, String, ProblemCode)] = [
            (500, #"{"problems":{"no":4711,"text":"gone"}}"#, .productNotFound), (460, "", .rateLimited),
            (418, "", .vendorError), (409, #"{"problems":{"no":"4712"}}"#, .duplicateProduct),
        ]
        for (status, body, code) in cases {
            let answer = Translator().fold(
                VendorAnswer(status: status, body: Array(body.utf8)), to: nil, operation: .update, for: plan)
            guard case .problem(let problem) = answer else { continue }
            #expect(problem.code == code)
            #expect(problem.outcome == (status == 500 ? .unknown : .rejected), "no code makes a failure certain")
        }
    }

    @Test("docs/errors.md is what the tables say")
    func errorsPage() throws {
        let file = Self.docs.appending(path: "errors.md")
        // UPDATE_GENERATED=1 writes the page anew after a change of the tables.
        if ProcessInfo.processInfo.environment["UPDATE_GENERATED"] == "1" {
            try ErrorReference.markdown().write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == ErrorReference.markdown())
    }
}
