import Testing

@testable import GatewayTranslation

@Suite("A write that comes too late")
struct StalenessTests {
    private static func plan(_ stale: String) throws -> TargetPlan {
        let document = """
            {"format": 2, "name": "x", "title": "X",
             "operations": {"update": {"method": "PUT", "path": "/items/{id}",
               "body": {"version": "{read:/version}", "item": "{fields}"}}},
             "read": {"path": "/items/{id}", "stale": \(stale)},
             "answer": {"fields": "", "required": ["/id"]}, "fields": {"/name": {"vendor": "/name"}},
             "errors": {"items": ["/errors"]}}
            """
        return try TargetPlan(targetName: "x", dialect: Dialect(parsing: Array(document.utf8)))
    }

    private func isStale(_ stale: String, _ status: Int, _ body: String) throws -> Bool {
        try Translator().tellsOfChange(VendorAnswer(status: status, body: Array(body.utf8)), for: Self.plan(stale))
    }

    @Test("it is known by the status, or by a code of the vendor's with a status that says more")
    func codes() throws {
        let mismatch = #"{"errors": [{"code": "INVALID"}, {"code": "VERSION_MISMATCH"}]}"#
        #expect(try self.isStale(#"["VERSION_MISMATCH"]"#, 400, mismatch))
        #expect(try self.isStale(#"[409, "VERSION_MISMATCH"]"#, 409, ""))
        #expect(try self.isStale(#"["VERSION_MISMATCH"]"#, 400, #"{"code": "VERSION_MISMATCH"}"#))
        #expect(try !self.isStale(#"["VERSION_MISMATCH"]"#, 400, #"{"errors": [{"code": "INVALID"}]}"#))
        #expect(try !self.isStale(#"["VERSION_MISMATCH"]"#, 409, ""))
        #expect(try !self.isStale("[409]", 400, mismatch))
    }

    @Test("a failure of the vendor's own, and a success, say nothing of it", arguments: [200, 500, 503])
    func otherStatuses(status: Int) throws {
        #expect(try !self.isStale(#"["X"]"#, status, #"{"code": "X"}"#))
    }
}
