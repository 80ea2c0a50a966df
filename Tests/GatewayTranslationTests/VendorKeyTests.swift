import Testing

@testable import GatewayTranslation

@Suite("A key that makes a repetition do nothing again, in what is sent")
struct VendorKeyTests {
    private static func plan(reads: Bool) throws -> TargetPlan {
        let body =
            reads
            ? #"{"key": "{idempotencyKey}", "version": "{read:/version}", "item": "{fields}"}"#
            : #"{"key": "{idempotencyKey}", "item": "{fields}"}"#
        let document = """
            {"format": 2, "name": "x", "title": "X",
             "operations": {
               "update": {"method": "POST", "path": "/items/{id}", "body": \(body)},
               "create": {"method": "POST", "path": "/items", "headers": {"x-key": "k-{idempotencyKey}"},
                          "body": "{fields}", "id": {"answer": "/id"}}},
             "read": {"path": "/items/{id}"},
             "answer": {"fields": "", "required": ["/id"]}, "fields": {"/name": {"vendor": "/name"}}}
            """
        return try TargetPlan(targetName: "x", dialect: Dialect(parsing: Array(document.utf8)))
    }

    private static let digits = "00ff00000000000000000000000000a1"

    private func update(_ plan: TargetPlan, over read: String) throws -> String {
        let translator = Translator()
        let request = try translator.translate(
            .update, for: plan, id: Array("7".utf8), body: Array(#"{"name": "Chair"}"#.utf8),
            key: VendorKey(digits: Self.digits))
        let merged = try translator.merge(
            request, of: .update, into: VendorAnswer(status: 200, body: Array(read.utf8)), for: plan,
            nowEpochSeconds: nil)
        return String(decoding: merged.body, as: UTF8.self)
    }

    @Test("it stands where the dialect says, in a body and in a header field")
    func places() throws {
        let plan = try Self.plan(reads: false)
        let translator = Translator()
        let key = VendorKey(digits: Self.digits)
        let body = Array(#"{"name": "Chair"}"#.utf8)
        let update = try translator.translate(.update, for: plan, id: Array("7".utf8), body: body, key: key)
        #expect(
            String(decoding: update.body, as: UTF8.self)
                == #"{"key":"\#(Self.digits)","item":{"name": "Chair"}}"#
                .replacing(": \"Chair\"", with: ":\"Chair\""))
        let create = try translator.translate(.create, for: plan, id: nil, body: body, key: key)
        #expect(create.headers.contains { $0.name == "x-key" && $0.value == "k-\(Self.digits)" })
        #expect(plan.writesKey(.update) && plan.writesKey(.create) && plan.takesKey(.create))
    }

    @Test("it is the same over the same version, and another one over another version")
    func versions() throws {
        let plan = try Self.plan(reads: true)
        let first = try self.update(plan, over: #"{"id": "7", "version": 1}"#)
        #expect(try self.update(plan, over: #"{"id": "7", "version": 1}"#) == first)
        let second = try self.update(plan, over: #"{"id": "7", "version": 2}"#)
        #expect(first.prefix(41) != second.prefix(41))
        #expect(!first.contains(Self.digits))
    }

    @Test("only 32 hexadecimal digits are one", arguments: ["", "abc", String(repeating: "g", count: 32)])
    func digits(text: String) {
        #expect(VendorKey(digits: text) == nil)
    }

    @Test("one that is made up is not made up twice")
    func random() {
        var generator = SystemRandomNumberGenerator()
        #expect(VendorKey(using: &generator) != VendorKey(using: &generator))
    }

    @Test("a request that follows has none: it would be another request under the same key")
    func following() {
        let document = """
            {"format": 2, "name": "x", "title": "X",
             "operations": {"update": {"method": "PUT", "path": "/p/{id}", "body": "{fields}",
               "then": [{"method": "POST", "path": "/p/{id}/x", "headers": {"k": "{idempotencyKey}"}}]}},
             "read": {"path": "/p/{id}", "headers": {"k": "{idempotencyKey}"}},
             "answer": {"fields": "", "required": ["/id"]}, "fields": {"/name": {"vendor": "/n"}}}
            """
        let error = #expect(throws: DialectError.self) { try Dialect(parsing: Array(document.utf8)) }
        #expect(
            error?.diagnostics.map(\.message) == [
                "update: {idempotencyKey} is the key of the first request: one that follows would be another request "
                    + "under the same key",
                "read: {idempotencyKey} has no sense in what changes nothing",
            ])
    }
}
