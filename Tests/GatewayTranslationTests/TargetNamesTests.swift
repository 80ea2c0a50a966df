import GatewayJSON
import GatewayTranslation
import Testing

@Suite("Names of targets and dialects in a body")
struct TargetNamesTests {
    private func translate(_ body: String) throws -> Result<VendorRequest, Problem> {
        var options = TargetOptions()
        options.targetNames = ["cor", "elastic-path"]
        options.dialectNames = ["cor", "elastic-path"]
        let plan = try TargetPlan(
            targetName: "elastic-path", dialect: Dialect(named: "elastic-path"), options: options)
        return Result { () throws(Problem) in
            try Translator(limits: .exchange).translate(
                .update, for: plan, id: Array("from-the-path".utf8), body: Array(body.utf8))
        }
    }

    @Test("a misspelt target in ids is refused: the path's id would name another product")
    func misspeltTarget() throws {
        guard
            case .failure(let problem) = try self.translate(
                #"{"name": "x", "ids": {"elastic_path": "60afe403"}}"#)
        else {
            Issue.record("it was translated")
            return
        }
        #expect(problem.code == .validationFailed)
        #expect(problem.errors.map(\.pointer) == ["/ids/elastic_path"])
        #expect(problem.errors.first?.detail.contains("did you mean elastic-path?") == true)
    }

    @Test("a dialect that nobody has configured is refused in vendorFields")
    func unknownDialect() throws {
        guard
            case .failure(let problem) = try self.translate(
                #"{"name": "x", "vendorFields": {"acme": {"a": 1}}}"#)
        else {
            Issue.record("it was translated")
            return
        }
        #expect(problem.errors.map(\.pointer) == ["/vendorFields/acme"])
    }

    @Test("the ids and vendor fields of other targets are no mistake")
    func others() throws {
        let request = try self.translate(
            #"{"name": "x", "ids": {"cor": "1", "elastic-path": "2"}, "vendorFields": {"cor": {"a": 1}}}"#
        ).get()
        #expect(request.id == Array("2".utf8))
    }
}
