import Testing

@testable import GatewayTranslation

@Suite("What an answer says of the vendor's limit")
struct VendorLimitTests {
    private static func plan(_ limits: String) throws -> TargetPlan {
        try TargetPlan(
            targetName: "acme",
            dialect: Dialect(
                parsing: Array(
                    """
                    {"format": 1, "name": "acme", "title": "Acme", "limits": \(limits),
                     "operations": {"update": {"method": "PUT", "path": "/p/{id}", "body": "{fields}"}},
                     "answer": {"fields": "", "required": ["/id"]}, "fields": {"/name": {"vendor": "/name"}}}
                    """.utf8)))
    }

    private static func limit(_ limits: String, _ fields: [(String, String)]) throws -> VendorLimit? {
        let answer = VendorAnswer(status: 200, body: [])
        answer.headers = fields.map { (name: $0.0, value: $0.1) }
        return try self.plan(limits).limit(in: answer, nowEpochSeconds: 1_000)
    }

    @Test("a number that is left, and when it is full again, in whatever unit")
    func units() throws {
        let seconds = #"{"remaining": "X-Left", "reset": "X-Reset"}"#
        #expect(
            try Self.limit(seconds, [("x-left", "3"), ("x-reset", "2")])
                == VendorLimit(remaining: 3, untilResetNanoseconds: 2_000_000_000))
        let milliseconds = #"{"remaining": "x-left", "reset": "x-reset", "unit": "milliseconds"}"#
        #expect(
            try Self.limit(milliseconds, [("x-left", " 0 "), ("x-reset", "250")])
                == VendorLimit(remaining: 0, untilResetNanoseconds: 250_000_000))
        let epoch = #"{"remaining": "x-left", "reset": "x-reset", "unit": "epoch"}"#
        #expect(
            try Self.limit(epoch, [("x-left", "0"), ("x-reset", "1005")])
                == VendorLimit(remaining: 0, untilResetNanoseconds: 5_000_000_000))
        #expect(try Self.limit(epoch, [("x-left", "0"), ("x-reset", "5")])?.untilResetNanoseconds == 0)
        #expect(
            try Self.limit(epoch, [("x-left", "0"), ("x-reset", "9223372036854775807")])?.untilResetNanoseconds
                == 86_400_000_000_000)
    }

    @Test("what is used of how many")
    func used() throws {
        let used = #"{"used": "X-Calls"}"#
        #expect(
            try Self.limit(used, [("x-calls", "32/40")]) == VendorLimit(remaining: 8, untilResetNanoseconds: nil))
        #expect(try Self.limit(used, [("x-calls", "41/40")])?.remaining == 0)
        for value in ["32", "32/", "/40", "a/b", "-1/40", "1/2/3", "", "9223372036854775807/-1"] {
            #expect(try Self.limit(used, [("x-calls", value)]) == nil)
        }
    }

    @Test("what cannot be read says nothing", arguments: ["", "many", "-1", "1.5", "99999999999999999999"])
    func unreadable(value: String) throws {
        #expect(try Self.limit(#"{"remaining": "x-left"}"#, [("x-left", value)]) == nil)
        let limit = try Self.limit(
            #"{"remaining": "x-left", "reset": "x-reset"}"#, [("x-left", "0"), ("x-reset", value)])
        #expect(limit == VendorLimit(remaining: 0, untilResetNanoseconds: nil))
    }

    @Test(
        "names that are none, or mean something else, are refused",
        arguments: [
            "{}", #"{"remaining": "x", "used": "y"}"#, #"{"remaining": "x left"}"#, #"{"remaining": ""}"#,
            #"{"remaining": "Retry-After"}"#, #"{"remaining": "x", "unit": "seconds"}"#,
            #"{"remaining": "x", "reset": "y", "unit": "hours"}"#,
        ])
    func refused(limits: String) {
        #expect(throws: DialectError.self) { try Self.plan(limits) }
    }

    @Test("points allow as many requests as the last one could be sent again")
    func points() throws {
        let limits = #"{"points": {"available": "/cost/left", "cost": "/cost/took", "restoreRate": "/cost/rate"}}"#
        func limit(_ body: String) throws -> VendorLimit? {
            try Self.plan(limits).limit(in: VendorAnswer(status: 200, body: Array(body.utf8)), nowEpochSeconds: 0)
        }
        #expect(
            try limit(#"{"cost": {"left": 99.0, "took": 10, "rate": 50}}"#)
                == VendorLimit(remaining: 9, untilResetNanoseconds: nil))
        #expect(
            try limit(#"{"cost": {"left": 5, "took": 10, "rate": 50.0}}"#)
                == VendorLimit(remaining: 0, untilResetNanoseconds: 100_000_000))
        for body in [
            "", "{}", #"{"cost": {"left": -1, "took": 10, "rate": 50}}"#, #"{"cost": {"left": "5", "took": 10}}"#,
            #"{"cost": {"left": 5, "took": 0, "rate": 1}}"#, #"{"cost": {"left": 0, "took": 1e999, "rate": 0}}"#,
            #"{"cost": {"left": 0, "took": 1, "rate": 0}}"#,
        ] {
            #expect(try limit(body) == nil, "\(body)")
        }
        #expect(
            try limit(#"{"cost": {"left": 0, "took": 1e300, "rate": 1e-300}}"#)
                == VendorLimit(remaining: 0, untilResetNanoseconds: 86_400_000_000_000))
    }
}
