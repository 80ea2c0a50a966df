import GatewayDocuments
import GatewayTranslation
import Testing

@Suite("Checking dialects")
struct DialectCheckingTests {
    /// A dialect without mistakes, with a part of it replaced.
    private func mistakes(replacing old: String = "", with new: String = "") -> [String] {
        let document = """
            {"format": 1, "name": "x", "title": "X",
             "parameters": {"tenant": {}},
             "operations": {"update": {"method": "PUT", "path": "/p/{id}", "body": {"d": "{fields}"}},
              "create": {"method": "POST", "path": "/p", "body": "{fields}", "id": {"answer": "/id"}}},
             "answer": {"fields": "", "id": "/id", "required": ["/id"]},
             "fields": {"/name": {"vendor": "/n", "maxLength": 9},
              "/status": {"vendor": "/s", "values": {"live": 1, "draft": 0}},
              "/tags": {"vendor": "/t", "maxItems": 3}, "/translations": {"vendor": "/l", "map": "merge"}},
             "errors": {"items": ["/e"], "messages": ["{field}: {text}"], "codes": {"A1": "conflict"}}}
            """
        let text = old.isEmpty ? document : document.replacing(old, with: new)
        #expect(old.isEmpty || text != document)
        do throws(DialectError) {
            _ = try Dialect(parsing: Array(text.utf8))
            return []
        } catch {
            return error.diagnostics.map { "\($0.path): \($0.message)" }
        }
    }

    @Test("the built-in dialects have no mistakes", arguments: Dialect.builtInNames)
    func builtIn(name: String) throws {
        let dialect = try Dialect(named: name)
        #expect(dialect.name == name)
    }

    @Test("a dialect without mistakes is read")
    func reads() {
        #expect(self.mistakes() == [])
    }

    @Test(
        "each mistake is named with its path and what was expected",
        arguments: [
            (
                #""format": 1"#, #""format": 3"#,
                "$.format: expected 2, or 1, the formats that this version reads, found 3"
            ),
            (
                #""name": "x""#, #""name": "X y""#,
                "$.name: expected a name of lower-case letters, digits and hyphens, found \"X y\""
            ),
            (#""title": "X","#, #""titel": "X","#, "$.titel: unknown key; did you mean \"title\"?"),
            (#""title": "X","#, "", "$.title: is missing: expected the vendor as people call it"),
            (
                #""method": "PUT""#, #""method": "GET""#,
                "$.operations.update.method: expected \"PUT\", \"PATCH\" or \"POST\", found \"GET\""
            ),
            ("/p/{id}", "/p", "$.operations.update.path: the path of an update must contain {id}, or its body"),
            (
                "/p/{id}", "p/{id}",
                "$.operations.update.path: expected a path such as \"/v2/products/{id}\", found \"p/{id}\""
            ),
            ("/p/{id}", "/{parameter:x}/{id}", "$.operations.update.path: \"x\" is not among the parameters"),
            (
                #""path": "/p","#, #""path": "/p/{id}","#,
                "$.operations.create.path: the path of a create cannot contain {id}: there is none yet"
            ),
            (
                #"{"d": "{fields}"}"#, #"{"d": 1}"#,
                "$.operations.update.body: the string \"{fields}\" must stand where the fields go"
            ),
            (
                #"{"d": "{fields}"}"#, #"["{fields}", "{fields}"]"#,
                "$.operations.update.body: the string \"{fields}\" must stand only once"
            ),
            (
                #""required": ["/id"]"#, #""required": []"#,
                "$.answer.required: \"required\" must name at least one member, or any object would pass for a product"
            ),
            (
                #""id": "/id", "required""#, #""idMatchesPath": true, "required""#,
                "$.answer.idMatchesPath: \"idMatchesPath\" needs \"id\""
            ),
            (
                #""/name": {"#, #""/nam": {"#,
                "$.fields['/nam']: \"/nam\" is not a canonical pointer; did you mean \"/name\"?"
            ),
            (
                #""vendor": "/t""#, #""vendor": "/n""#,
                "$.fields['/tags']: /name already writes this place in \"update\""
            ),
            (
                #""vendor": "/t""#, #""vendor": "/n/x""#,
                "$.fields['/tags']: /name is already read from this place of an answer"
            ),
            (
                #""draft": 0"#, #""draft": 1"#,
                "$.fields['/status'].values.draft: cannot be inverted: \"live\" has the same vendor value"
            ),
            (
                #""draft": 0"#, #""drat": 0"#,
                "$.fields['/status'].values.drat: \"drat\" is not one of draft, live, archived"
            ),
            (
                #""draft": 0"#, #""draft": []"#,
                "$.fields['/status'].values.draft: expected a string, a number, a boolean or an object, "
                    + "found an array"
            ),
            (
                #", "values": {"live": 1, "draft": 0}"#, "",
                "$.fields['/status']: \"values\" is missing: this field is one of a closed list of words"
            ),
            (
                #""maxLength": 9"#, #""maxItems": 9"#,
                "$.fields['/name'].maxItems: unreachable: the value is not an array or a map"
            ),
            (
                #""maxLength": 9"#, #""maxLength": -1"#,
                "$.fields['/name'].maxLength: expected a whole number that is not negative, found -1"
            ),
            (
                #""maxLength": 9"#, #""maxLength": 9, "minLength": 10"#,
                "$.fields['/name'].minLength: 10 is more than \"maxLength\", 9: no value would fit"
            ),
            (
                #""maxLength": 9"#, #""map": "merge""#,
                "$.fields['/name'].map: only a map (names chosen by the caller) can have \"map\""
            ),
            (
                #""maxLength": 9"#, #""values": {}"#,
                "$.fields['/name'].values: only a field with a closed list of words can have \"values\""
            ),
            (
                #""maxLength": 9"#, #""characters": "Z-A""#,
                "$.fields['/name'].characters: expected ASCII characters and ranges such as \"A-Za-z0-9._-\", "
                    + "found \"Z-A\""
            ),
            (
                #""maxLength": 9"#, #""operations": [], "answer": false"#,
                "$.fields['/name']: unreachable: the field is neither sent nor answered"
            ),
            (
                #""maxLength": 9"#, #""operations": ["create"], "required": ["update"]"#,
                "$.fields['/name'].required[0]: unreachable: the field is not sent by \"update\" here"
            ),
            (
                #""maxLength": 9"#, #""default": {"parameter": "p"}"#,
                "$.fields['/name'].default.parameter: \"p\" is not among the parameters"
            ),
            (
                #""map": "merge""#, #""entryNames": {"name": "a", "description": "a"}"#,
                "$.fields['/translations'].entryNames.description: two members write \"a\""
            ),
            (
                #"{"answer": "/id"}}}"#, #"{"field": "/sku"}}}"#,
                "$.operations: create: the id comes from /sku, which is not a required field"
            ),
            (#"["/e"]"#, #"["/e", "/e"]"#, "$.errors.items[1]: unreachable: the same place was tried before"),
            (
                #"["/e"]"#, #"["e"]"#,
                "$.errors.items[0]: expected a JSON Pointer such as \"/data/id\", or \"\" for the whole, found \"e\""
            ),
            (
                #"["{field}: {text}"]"#, #"["{field}{text}"]"#,
                "$.errors.messages[0]: expected text with one {field}, at most one {text}, any {*}, and text between "
                    + "them, found \"{field}{text}\""
            ),
            (
                #"["{field}: {text}"]"#, #"["{field}: {text}", "{field}: {*}"]"#,
                "$.errors.messages[1]: unreachable: an earlier template matches all that this one does"
            ),
            (#""A1": "conflict""#, #""A1": "conflicts""#, "$.errors.codes.A1: expected \""),
            (
                #""items": ["/e"]"#, #""statuses": {"200": {"code": "conflict"}}"#,
                "$.errors.statuses.200: \"200\" is not an HTTP status from 300 to 599"
            ),
            (
                #""required": ["/id"]"#, #""required": ["/id"], "failures": ["/errors", ""]"#,
                "$.answer.failures[1]: a success has this member too"
            ),
            (
                #""items": ["/e"]"#, #""statuses": {"500": {"code": "conflict", "outcome": "rejected"}}"#,
                "$.errors.statuses.500.outcome: a status of 500 never tells that nothing was changed"
            ),
            (
                #""items": ["/e"]"#, #""reasons": {"long": "too_long", "too long": "too_long"}"#,
                "$.errors.reasons['too long']: unreachable: \"long\" comes first and is part of it"
            ),
            (
                #""parameters""#, #""updateSemantics": "replace", "parameters""#,
                "$.updateSemantics: \"replace\" needs the member \"read\", to read what is to be merged"
            ),
            (#""format": 1,"#, #""format": 1, "format": 1,"#, "$.format: this key occurs twice here"),
        ])
    func mistakes(old: String, new: String, expected: String) {
        let found = self.mistakes(replacing: old, with: new)
        #expect(found.contains { $0.hasPrefix(expected) }, "\(found)")
    }

    @Test("all mistakes are reported at once, with line and column")
    func allAtOnce() {
        do throws(DialectError) {
            _ = try Dialect(parsing: Array("{\n \"format\": 3,\n \"nam\": 5\n}".utf8))
        } catch {
            let lines = error.diagnostics.map(\.description)
            #expect(lines.count >= 6)
            #expect(lines.contains { $0.hasPrefix("dialect:2:12: $.format: ") })
            #expect(lines.contains { $0.hasPrefix("dialect:3:9: $.nam: ") })
        }
    }

    @Test("options of a target that do not fit are all reported")
    func targetOptions() throws {
        let dialect = try Dialect(named: "cor")
        let options = TargetOptions(
            parameters: ["source": "EXCEL", "tenant": "x"], enabledFields: ["/name"],
            clearableFields: ["/sku", "/name"],
            updateSemantics: .replace)
        do throws(TargetPlanError) {
            _ = try TargetPlan(targetName: "cor", dialect: dialect, options: options)
            Issue.record("expected mistakes")
        } catch {
            #expect(
                error.errors.map(\.option)
                    == [
                        .parameter("source"), .parameter("tenant"), .enabledField(0), .clearableField(0),
                        .updateSemantics,
                    ])
        }
    }
}
