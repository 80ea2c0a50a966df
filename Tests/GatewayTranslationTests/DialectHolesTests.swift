import GatewayDocuments
import GatewayTranslation
import Testing

/// What `check` refuses because it would do something else than it looks like, or nothing.
@Suite("Dialects that would not do what they say")
struct DialectHolesTests {
    private func mistakes(
        operation: String = #""body": "{fields}""#, fields: String = #""/name": {"vendor": "/name"}"#, more: String = ""
    ) -> [String] {
        let document = """
            {"format": 2, "name": "x", "title": "X", "parameters": {"store": {}},
             "operations": {"update": {"method": "PUT", "path": "/{parameter:store}/items/{id}", \(operation)}},
             "answer": {"fields": "", "required": ["/id"]}, "fields": {\(fields)}\(more)}
            """
        do throws(DialectError) {
            _ = try Dialect(parsing: Array(document.utf8))
            return []
        } catch {
            return error.diagnostics.map { "\($0.path): \($0.message)" }
        }
    }

    @Test("what the others are made of is right")
    func reads() {
        #expect(self.mistakes() == [])
        #expect(self.mistakes(more: #", "read": {"path": "/x/{id}"}"#) == [])
    }

    @Test(
        "a hole where there is nothing to fill it with is refused",
        arguments: [
            #""body": {"a": "{locale}", "b": "{fields}"}"#, #""body": "{fields}", "headers": {"x": "{locale}"}"#,
            #""body": {"a": "{read:/x}", "b": "{fields}"}"#, #""body": {"a": "{answer:/x}", "b": "{fields}"}"#,
            #""body": {"a": "{nope}", "b": "{fields}"}"#,
            #""body": "{fields}", "then": [{"method": "PUT", "path": "/x/{read:/v}"}]"#,
            #""body": "{fields}", "then": [{"method": "PUT", "path": "/x", "headers": {"a": "{locale}"}}]"#,
            #""body": "{fields}", "then": [{"for": "/translations", "method": "PUT", "path": "/x", "#
                + #""body": "{fields}"}]"#,
        ])
    func holes(operation: String) {
        #expect(!self.mistakes(operation: operation).isEmpty)
    }

    @Test(
        "a read takes nothing from an answer, and knows no locale",
        arguments: ["/x/{locale}", "/x/{answer:/id}", "/x/{read:/id}"])
    func reading(path: String) {
        #expect(self.mistakes(more: #", "read": {"path": "\#(path)"}"#).contains { $0.contains("read: ") })
    }

    @Test(
        "a field that would not be written as it says is refused",
        arguments: [
            #""/name": {"vendor": "/{parameter:zz}"}"#, #""/name": {"vendor": "/n{parameter:store}"}"#,
            #""/images": {"vendor": "/s", "entries": {"a": "{/nope}"}}"#,
            #""/name": {"vendor": "/c", "entry": {"v": "{value}"}}, "#
                + #""/sku": {"vendor": "/c", "entry": {"v": "{value}"}}"#,
            #""/name": {"vendor": "/c", "entry": {"k": "{value}"}}, "#
                + #""/customFields": {"vendor": "/c", "entries": {"k": "{key}", "v": "{value}"}}"#,
            #""/name": {"vendor": "/n", "keys": {"without": ["x"]}}"#,
            #""/customFields": {"vendor": "/n", "keys": {}}"#,
            #""/name": {"vendor": "/n", "needs": ["/nope"]}"#,
            #""/name": {"vendor": "/n", "ownLocale": {"parameter": "store"}}"#,
            #""/price/amount": {"vendor": "/n", "as": "units", "decimals": {"of": "/name"}}"#,
            #""/price/amount": {"vendor": "/n", "as": "units", "#
                + #""decimals": {"of": "/price/currency", "except": {"XXX": 2}}}"#,
        ])
    func fields(fields: String) {
        #expect(!self.mistakes(fields: fields).isEmpty)
    }

    @Test(
        "a request that would never be sent is refused",
        arguments: [#"{"/status": "liv"}"#, #"{"/status": "archived"}"#, #"{"/sku": "x"}"#, #"{"/nope": "x"}"#, "{}"])
    func conditions(when: String) {
        let found = self.mistakes(
            operation: #""body": "{fields}", "then": [{"when": \#(when), "method": "PUT", "path": "/x"}]"#,
            fields: #""/name": {"vendor": "/name"}, "/status": {"vendor": "/s", "values": {"live": 1, "draft": 0}}"#)
        #expect(!found.isEmpty)
    }

    @Test("translations beside the product's own address name its locale")
    func ownLocale() {
        let then =
            #""body": "{fields}", "then": [{"for": "/translations", "method": "PUT", "#
            + #""path": "/{locale}/items/{id}", "body": "{fields}"}]"#
        let translations = #""/name": {"vendor": "/name"}, "/translations": {"vendor": null, "map": "merge""#
        #expect(self.mistakes(operation: then, fields: translations + "}").contains { $0.contains("ownLocale") })
        #expect(
            self.mistakes(operation: then, fields: translations + #", "ownLocale": {"parameter": "store"}}"#) == [])
    }

    @Test("a parameter that would lead out of its path is refused", arguments: ["..", ".", "", "a/../b", "%2e%2e"])
    func paths(value: String) throws {
        let document = #"""
            {"format": 2, "name": "x", "title": "X", "parameters": {"store": {}},
             "operations": {"update": {"method": "PUT", "path": "/{parameter:store}/items/{id}", "body": "{fields}"}},
             "answer": {"fields": "", "required": ["/id"]}, "fields": {"/name": {"vendor": "/name"}}}
            """#
        let dialect = try Dialect(parsing: Array(document.utf8))
        #expect(throws: TargetPlanError.self) {
            try TargetPlan(targetName: "x", dialect: dialect, options: TargetOptions(parameters: ["store": value]))
        }
    }

    @Test("no dialect sends more requests than the limit by itself")
    func following() {
        let one = #"{"method": "PUT", "path": "/x"}"#
        let many = [String](repeating: one, count: 17).joined(separator: ",")
        #expect(!self.mistakes(operation: #""body": "{fields}", "then": [\#(many)]"#).isEmpty)
        let fewer = [String](repeating: one, count: 16).joined(separator: ",")
        #expect(self.mistakes(operation: #""body": "{fields}", "then": [\#(fewer)]"#) == [])
    }
}
