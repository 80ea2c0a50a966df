import GatewayTranslation
import Testing

@Suite("Checking batches of a dialect")
struct BatchCheckingTests {
    private static let whole = #"""
        {"method": "POST", "path": "/p/batch", "item": {"id": "{id}", "...": "{fields}"}, "body": {"update": "{items}"},
         "maxItems": 10, "results": {"at": "/update", "id": "/id"}}
        """#

    private func mistakes(
        _ batch: String, of kind: String = "update", beside members: String = "", in document: String = ""
    ) -> [String] {
        let operation =
            kind == "update"
            ? #""method": "PUT", "path": "/p/{id}", "body": "{fields}""#
            : #""method": "POST", "path": "/p", "body": "{fields}""#
        let id = kind == "create" && !members.contains(#""id""#) ? #", "id": {"answer": "/id"}"# : ""
        let text = """
            {"format": 2, "name": "x", "title": "X"\(document),
             "operations": {"\(kind)": {\(operation)\(id)\(members), "batch": \(batch)}},
             "answer": {"fields": "", "required": ["/id"]}, "fields": {"/name": {"vendor": "/n"}}}
            """
        do throws(DialectError) {
            _ = try Dialect(parsing: Array(text.utf8))
            return []
        } catch {
            return error.diagnostics.map { "\($0.path): \($0.message)" }
        }
    }

    private func mistakes(replacing old: String, with new: String) -> [String] {
        #expect(Self.whole.contains(old))
        return self.mistakes(Self.whole.replacing(old, with: new))
    }

    @Test("a batch that says all is taken")
    func whole() {
        #expect(self.mistakes(Self.whole) == [])
        #expect(self.mistakes(replacing: #"{"update": "{items}"}"#, with: #""{lines}""#) == [])
        #expect(self.mistakes(replacing: #"{"update": "{items}"}"#, with: #""{items}""#) == [])
    }

    @Test("the place of the items is one place of a value")
    func body() {
        let expected = [
            "$.operations.update.batch.body: expected JSON in which the string \"{items}\" stands once, or \"{lines}\""
        ]
        for body in [#"{"update": "items"}"#, #"["{items}", "{items}"]"#, #"{"{items}": 1}"#, "7"] {
            #expect(self.mistakes(replacing: #"{"update": "{items}"}"#, with: body) == expected, "\(body)")
        }
    }

    @Test("an update's item says which product it is about, and reads nothing")
    func item() {
        #expect(
            self.mistakes(replacing: #""item": {"id": "{id}", "...": "{fields}"}, "#, with: "") == [
                "$.operations.update.batch: an update's \"item\" is needed: its id stands in no path, so it has to "
                    + "stand in the item"
            ])
        #expect(
            self.mistakes(replacing: #"{"id": "{id}", "...": "{fields}"}"#, with: #""{fields}""#) == [
                "$.operations.update.batch.item: the item of an update must contain {id}"
            ])
        #expect(
            self.mistakes(replacing: #"{"id": "{id}", "#, with: #"{"id": "{id}", "v": "{read:/v}", "#).first
                == "$.operations.update.batch.item: nothing is read before a batch: only {id} and {parameter:NAME} can "
                + "stand in an item")
        #expect(
            self.mistakes(Self.whole, of: "create").first
                == "$.operations.create.batch.item: an item of a create is the body of the operation")
    }

    @Test("the request is about no single product")
    func address() {
        #expect(
            self.mistakes(replacing: "/p/batch", with: "/p/{id}/batch") == [
                "$.operations.update.batch.path: the path of a batch is about no single product: only {parameter:NAME} "
                    + "can stand in it"
            ])
        #expect(
            self.mistakes(replacing: #""maxItems""#, with: #""headers": {"x-id": "{id}"}, "maxItems""#) == [
                "$.operations.update.batch.headers: a batch is about no single product: only {parameter:NAME} can "
                    + "stand in its fields"
            ])
    }

    @Test("what is one request's alone goes with no batch")
    func alone() {
        #expect(
            self.mistakes(
                #"{"method": "POST", "path": "/p/batch", "body": "{items}", "maxItems": 10, "#
                    + #""results": {"at": "/items"}}"#,
                of: "create",
                beside: #", "headers": {"x-token": "{read:header:x-token}"}, "read": {"path": "/"}"#
            ) == [
                "$.operations.create.batch: \"batch\" and \"read\" exclude each other: what is read before a create is "
                    + "for one request"
            ])
        let key = [
            "$.operations.update.batch: \"batch\" and {idempotencyKey} exclude each other: the key is one request's, "
                + "and a batch has many lines"
        ]
        #expect(self.mistakes(Self.whole, beside: #", "headers": {"key": "{idempotencyKey}"}"#) == key)
        #expect(self.mistakes(Self.whole, beside: #", "query": {"key": "{idempotencyKey}"}"#) == key)
        let path =
            "$.operations.update.batch.path: the path of a batch is about no single product: only {parameter:NAME}"
        #expect(
            self.mistakes(replacing: #""/p/batch""#, with: #""/p/batch", "query": {"k": "{idempotencyKey}"}"#)
                == [path + " can stand in it"])
        #expect(
            self.mistakes(replacing: #"{"id": "{id}", "#, with: #"{"id": "{id}", "k": "{idempotencyKey}", "#).count == 1
        )
    }

    @Test("the limits are numbers that a gateway can hold", arguments: ["1", "1001", "\"10\""])
    func limits(number: String) {
        let mistakes = self.mistakes(replacing: #""maxItems": 10"#, with: "\"maxItems\": \(number)")
        #expect(mistakes.count == 1)
        #expect(mistakes.first?.contains("expected a whole number from 2 to 1000") == true, "\(mistakes)")
    }

    @Test("results are in a list or on lines, and known in one way")
    func results() {
        #expect(
            self.mistakes(replacing: #""at": "/update", "id": "/id""#, with: "").first
                == "$.operations.update.batch.results: expected exactly one of at and lines, found neither")
        #expect(
            self.mistakes(replacing: #""id": "/id""#, with: #""id": "/id", "line": "/line""#) == [
                "$.operations.update.batch.results: \"id\" and \"line\" exclude each other"
            ])
        let create = #"{"method": "POST", "path": "/p/b", "body": "{items}", "maxItems": 9, "results": "#
        #expect(
            self.mistakes(create + #"{"at": "/c", "id": "/id"}}"#, of: "create") == [
                "$.operations.create.batch.results.id: nobody knows the id of a new product before its result"
            ])
        #expect(self.mistakes(create + #"{"at": "/c"}}"#, of: "create") == [])
        #expect(
            self.mistakes(create + #"{"at": "/c"}}"#, of: "create", beside: #", "id": {"header": "location"}"#) == [
                "$.operations.create: an item of a batch has no header fields, from which \"id\" is to be taken"
            ])
    }

    @Test(
        "what goes with one product only goes with no batch",
        arguments: [
            #", "then": [{"method": "POST", "path": "/p/{id}/publish"}]"#, #", "idempotencyHeader": "idempotency-key""#,
            #", "encoding": "form""#,
        ])
    func surroundings(members: String) {
        let mistakes = self.mistakes(Self.whole, beside: members)
        #expect(mistakes.count == 1)
        #expect(mistakes.first?.hasPrefix("$.operations.update.batch: ") == true, "\(mistakes)")
    }

    @Test("a vendor that is read before it is written takes each line alone")
    func reading() {
        #expect(
            self.mistakes(
                Self.whole, in: #", "updateSemantics": "replace", "read": {"path": "/p/{id}"}"#)
                == ["$.operations: update: lines that are read first cannot travel in a \"batch\""])
    }
}
