import GatewayDocuments
import GatewayTranslation
import Testing

@Suite("Checking dialects of format 2")
struct DialectFormatTwoCheckingTests {
    private func mistakes(operation: String = "", fields: String = "") -> [String] {
        let document = """
            {"format": 2, "name": "x", "title": "X", "parameters": {"currency": {}},
             "operations": {"update": {"method": "PUT", "path": "/p/{id}", "body": "{fields}"\(operation)}},
             "answer": {"fields": "", "required": ["/id"]}, "fields": {"/name": {"vendor": "/n"}\(fields)}}
            """
        do throws(DialectError) {
            _ = try Dialect(parsing: Array(document.utf8))
            return []
        } catch {
            return error.diagnostics.map { "\($0.path): \($0.message)" }
        }
    }

    @Test(
        "header fields that the gateway or the connection writes are refused",
        arguments: ["te", "Upgrade", "keep-alive", "expect", "trailer", "connection", "authorization"])
    func ownHeaders(name: String) {
        let mistakes = self.mistakes(operation: #", "headers": {"\#(name)": "x"}"#)
        #expect(mistakes.count == 1)
        #expect(mistakes.first?.hasSuffix("the gateway writes \"\(name.lowercased())\" itself") == true, "\(mistakes)")
    }

    @Test("a content type has a member of its own, and no line's end in it")
    func contentType() {
        #expect(self.mistakes(operation: #", "headers": {"content-type": "x/y"}"#).count == 1)
        #expect(
            self.mistakes(operation: #", "contentType": "x/y\r\nz: 1""#)
                == ["$.operations.update.contentType: expected visible ASCII characters"])
    }

    @Test("a status says either that all was done or that some was not")
    func partial() {
        #expect(
            self.mistakes(operation: #", "success": [200, 207], "partial": [207]"#)
                == [
                    "$.operations.update.partial[0]: 207 is among \"success\", too: a status says one or the other"
                ])
    }

    @Test("the one value of a field is one that it can have, in the dialect and at the target")
    func fixed() throws {
        #expect(self.mistakes(fields: #", "/price/currency": {"fixed": {"value": "euro"}}"#).count == 1)
        let document = """
            {"format": 2, "name": "x", "title": "X", "parameters": {"currency": {}},
             "operations": {"update": {"method": "PUT", "path": "/p/{id}", "body": "{fields}"}},
             "answer": {"fields": "", "required": ["/id"]}, "fields": {"/name": {"vendor": "/n"},
              "/price/amount": {"vendor": "/a"}, "/price/currency": {"fixed": {"parameter": "currency"}}}}
            """
        let dialect = try Dialect(parsing: Array(document.utf8))
        let error = #expect(throws: TargetPlanError.self) {
            try TargetPlan(targetName: "x", dialect: dialect, options: TargetOptions(parameters: ["currency": "eur"]))
        }
        #expect(error?.errors.map(\.message) == ["expected only characters of A-Z, found \"eur\""])
    }
}
