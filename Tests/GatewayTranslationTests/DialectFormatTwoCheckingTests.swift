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

    @Test("only the first element of a list can be written, and only where others are not lost")
    func elements() throws {
        #expect(self.mistakes(fields: #", "/sku": {"vendor": "/variants/0/sku"}"#) == [])
        #expect(
            self.mistakes(fields: #", "/sku": {"vendor": "/variants/1/sku"}"#) == [
                "$.fields['/sku'].vendor: of a list, only \"0\" can be written: the first element, or the one that "
                    + "\"lists\" tells from others"
            ])
        #expect(self.mistakes(fields: #", "/sku": {"vendor": "/skus/0"}"#).count == 1)
        let document = """
            {"format": 2, "name": "x", "title": "X",
             "operations": {"update": {"method": "PUT", "path": "/p/{id}", "body": "{fields}"}},
             "answer": {"fields": "", "required": ["/id"]}, "fields": {"/sku": {"vendor": "/variants/0/sku"}}}
            """
        let plan = try TargetPlan(targetName: "x", dialect: Dialect(parsing: Array(document.utf8)))
        let problem = #expect(throws: Problem.self) {
            try Translator().translate(.update, for: plan, id: [0x37], body: Array(#"{"sku": "A"}"#.utf8))
        }
        #expect(problem?.errors.map(\.code) == ["unsupported_field"])
    }

    @Test("what a list's rule says of a field's own place, or of no list, is refused")
    func lists() {
        let head = #", "/sku": {"vendor": "/variants/0/sku"}}, "lists": "#
        func mistakes(_ lists: String) -> [String] {
            self.mistakes(fields: head + lists + #", "limits": {"used": "x-l""#)
        }
        #expect(mistakes(#"{"/variants": {"like": {"type": "A"}, "keep": ["id"]}}"#) == [])
        #expect(mistakes(#"{"/variants": {"like": {"sku": "A"}}}"#).count == 1)
        #expect(mistakes(#"{"/variants": {}}"#).count == 1)
        #expect(mistakes(#"{"/other": {"keep": ["id"]}}"#).count == 1)
        #expect(mistakes(#"{"/variants": {"like": {"type": "{value}"}}}"#).count == 1)
    }

    @Test("a request that follows carries fields that the operation sends, each in one place")
    func carried() {
        func mistakes(_ fields: String, twice: Bool = false) -> [String] {
            let request = #"{"for": \#(fields), "method": "PUT", "path": "/p/{id}/x", "body": "{fields}"}"#
            return self.mistakes(
                operation: #", "then": [\#(request)\#(twice ? ", " + request : "")]"#,
                fields:
                    #", "/price/amount": {"vendor": "/n"}, "/sku": {"vendor": "/s", "operations": [], "answer": "/s"}"#)
        }
        #expect(mistakes(#"["/price/amount"]"#) == [])
        #expect(mistakes(#"["/price/amount"]"#, twice: true).count == 1)
        #expect(mistakes(#"["/sku"]"#).count == 3)
        #expect(mistakes("[]").count == 3)
        #expect(mistakes(#"["/translations"]"#).count > 1)
        let expected = "expected \"/translations\", or a list of canonical pointers such as [\"/price/amount\"]"
        #expect(
            mistakes(#""/price/amount""#)
                == ["$.operations.update.then[0].for: \(expected), found \"/price/amount\""])
        #expect(
            mistakes(#""/translation""#).contains(
                "$.operations.update.then[0].for: \(expected), found \"/translation\"; did you mean "
                    + "\"/translations\"?"))
    }

    @Test("GraphQL in a request that follows says what tells of a failure")
    func graphQLFailures() {
        func mistakes(_ failures: String) -> [String] {
            self.mistakes(
                operation: #", "then": [{"method": "POST", "path": "/g", "graphql": {"document": "mutation { x }", "#
                    + #""variables": {"id": "{id}"}}\#(failures)}]"#)
        }
        #expect(mistakes(#", "failures": ["/errors"]"#) == [])
        #expect(mistakes("").count == 1)
    }

    @Test("what is sent to clear is the whole value")
    func clear() throws {
        let document = """
            {"format": 2, "name": "x", "title": "X",
             "operations": {"update": {"method": "PUT", "path": "/p/{id}", "body": "{fields}"}},
             "answer": {"fields": "", "required": ["/id"]},
             "fields": {"/brand": {"vendor": "/brand", "clear": {"id": null, "as": [ 1, "x" ]}}}}
            """
        let plan = try TargetPlan(targetName: "x", dialect: Dialect(parsing: Array(document.utf8)))
        let request = try Translator().translate(.update, for: plan, id: [0x37], body: Array(#"{"brand": null}"#.utf8))
        #expect(String(decoding: request.body, as: UTF8.self) == #"{"brand":{"id":null,"as":[1,"x"]}}"#)
    }

    @Test("what stands alone at the vendor is in no list there, and has no others beside it")
    func single() {
        let single = #""vendor": "/i", "as": "single""#
        #expect(self.mistakes(fields: #", "/images": {\#(single), "entries": "{/url}"}"#) == [])
        #expect(self.mistakes(fields: #", "/tags": {\#(single)}"#) == [])
        #expect(
            self.mistakes(fields: #", "/images": {\#(single), "entries": "{/url}", "identity": "/url"}"#) == [
                "$.fields['/images'].identity: there are no others that it could be told from"
            ])
        #expect(
            self.mistakes(fields: #", "/tags": {\#(single), "entry": {"v": "{value}"}}"#) == [
                "$.fields['/tags'].entry: \"entry\" is of a list, and \"as\": \"single\" of none"
            ])
        #expect(
            self.mistakes(fields: #", "/tags": {"vendor": "/i", "as": "joined", "entries": {"v": "{value}"}}"#) == [
                "$.fields['/tags'].entries: \"entries\" keep a list, which \"as\" makes something else of"
            ])
        #expect(self.mistakes(fields: #", "/sku": {\#(single)}"#).count == 1)
    }

    @Test(
        "what would never apply, or would always, is refused",
        arguments: [
            (#""path": "/p/{id}""#, #""path": "/a/../p/{id}""#),
            (#""required": ["/id"]"#, #""required": [""]"#),
            (#""currency": {}"#, #""currency": {"oneOf": []}"#),
            (#"{"vendor": "/n"}"#, #"{"vendor": "/n", "needs": ["/name"]}"#),
            (#"{"vendor": "/n"}"#, #"{"vendor": "/n", "needs": ["/brand"]}"#),
            (
                #"{"vendor": "/n"}"#,
                #"{"vendor": "/n"}, "/price/amount": {"vendor": "/a", "as": "units", "#
                    + #""decimals": {"of": "/price/currency"}}"#
            ),
            (#"{"vendor": "/n"}"#, #"{"vendor": "/n"}, "/tags": {"vendor": "/t", "as": "single", "minItems": 2}"#),
            (#""errors": {}"#, #""errors": {"reasons": {"": "required"}}"#),
            (#""errors": {}"#, #""errors": {"codes": {"x": {"code": "conflict", "field": "/brand"}}}"#),
            (#""errors": {}"#, #""errors": {"details": {"conflict": "not {sku}"}}"#),
        ])
    func neverApplies(part: String, wrong: String) {
        let document = """
            {"format": 2, "name": "x", "title": "X", "parameters": {"currency": {}},
             "operations": {"update": {"method": "PUT", "path": "/p/{id}", "body": "{fields}"}},
             "answer": {"fields": "", "required": ["/id"]}, "fields": {"/name": {"vendor": "/n"}}, "errors": {}}
            """
        #expect(throws: Never.self) { try Dialect(parsing: Array(document.utf8)) }
        let broken = document.replacing(part, with: wrong)
        #expect(broken != document)
        let error = #expect(throws: DialectError.self) { try Dialect(parsing: Array(broken.utf8)) }
        #expect(error?.diagnostics.count == 1, "\(error?.diagnostics.map(\.message) ?? [])")
    }
}
