import GatewayDocuments
import GatewayTranslation
import Testing

/// What the built-in dialects do not have: maps inside other objects, and entries whose members have other names.
@Suite("Laying an update over what the vendor has")
struct MergingTests {
    private static func plan(read: Bool = true, semantics: String = "partial") throws -> TargetPlan {
        let document = """
            {"format": 1, "name": "x", "title": "X", "updateSemantics": "\(semantics)",
             \(read ? #""read": {"path": "/p/{id}", "omit": ["/texts/rev", "/id"]},"# : "")
             "operations": {"update": {"method": "PUT", "path": "/p/{id}", "body": {"item": "{fields}"}}},
             "answer": {"fields": "", "id": "/id", "required": ["/id"]},
             "fields": {"/name": {"vendor": "/n"}, "/description": {"vendor": "/texts/long", "clear": ""},
              "/translations": {"vendor": "/texts/i18n", "map": "replace",
               "entryNames": {"name": "title", "description": "body"}},
              "/customFields": {"vendor": "/extra", "map": "merge"}}}
            """
        return try TargetPlan(targetName: "x", dialect: Dialect(parsing: Array(document.utf8)))
    }

    private static func merged(
        _ update: String, over current: String, semantics: String = "partial", handling: Handling = .strict
    ) throws -> String {
        let plan = try self.plan(semantics: semantics)
        let translator = Translator()
        let request = try translator.translate(
            .update, for: plan, id: Array("1".utf8), body: Array(update.utf8), handling: handling, showsPatch: false)
        #expect(request.readsFirst)
        #expect(request.body.isEmpty)
        #expect(plan.readRequest(before: request).method == "GET")
        let merged = try translator.merge(
            request, of: .update, into: VendorAnswer(status: 200, body: Array(current.utf8)), for: plan,
            nowEpochSeconds: nil)
        #expect(!merged.readsFirst)
        return String(decoding: merged.body, as: UTF8.self)
    }

    private static let current =
        #"{"id":"1","n":"old","texts":{"rev":7,"long":"L","i18n":{"de":{"title":"D","body":"E","x":1},"#
        + #""\u0066r":{"title":"F"}}},"extra":{"a":1}}"#

    @Test("entries have the vendor's names, and what the canonical product does not know stays")
    func entryNames() throws {
        #expect(
            try Self.merged(#"{"translations":{"de":{"name":"N"},"fr":{"description":"G"}}}"#, over: Self.current)
                == #"{"item":{"texts":{"i18n":{"de":{"title":"N","body":"E","x":1},"#
                + #""\u0066r":{"title":"F","body":"G"}}}}}"#
        )
        #expect(
            try Self.merged(#"{"translations":{"de":{"description":null},"it":{"name":"I"}}}"#, over: Self.current)
                == #"{"item":{"texts":{"i18n":{"de":{"title":"D","x":1},"\u0066r":{"title":"F"},"it":{"title":"I"}}}}}"#
        )
    }

    @Test("a vendor that replaces the product gets all of it, but what is not to be written back")
    func replacing() throws {
        #expect(
            try Self.merged(
                #"{"translations":{"fr":null},"customFields":{"b":2},"name":"new"}"#, over: Self.current,
                semantics: "replace")
                == #"{"item":{"n":"new","texts":{"long":"L","i18n":{"de":{"title":"D","body":"E","x":1}}},"#
                + #""extra":{"a":1,"b":2}}}"#
        )
        #expect(
            try Self.merged(
                #"{"description":null,"translations":{"it":{"name":"I"}}}"#, over: #"{"id":"1"}"#, semantics: "replace")
                == #"{"item":{"texts":{"i18n":{"it":{"title":"I"}}}}}"#)
    }

    @Test("large objects are merged as small ones are")
    func large() throws {
        let names = (0..<40).map { "l\($0)" }
        let current = names.map { #""\#($0)":{"title":"\#($0)"}"# }.joined(separator: ",")
        let update = names.map { #""\#($0)":\#($0 == "l7" ? "null" : #"{"description":"d"}"#)"# }.joined(separator: ",")
        let expected = names.filter { $0 != "l7" }.map { #""\#($0)":{"title":"\#($0)","body":"d"}"# }
        #expect(
            try Self.merged("{\"translations\":{\(update)}}", over: #"{"id":"1","texts":{"i18n":{\#(current)}}}"#)
                == #"{"item":{"texts":{"i18n":{\#(expected.joined(separator: ","))}}}}"#)
    }

    @Test("an update that touches no such map is sent as it is")
    func untouched() throws {
        let request = try Translator().translate(
            .update, for: Self.plan(), id: Array("1".utf8),
            body: Array(#"{"name":"n","customFields":{"b":2},"description":null}"#.utf8))
        #expect(!request.readsFirst)
    }

    @Test("a map that would lose what is not sent, and cannot be read, is refused")
    func unreadable() throws {
        let plan = try Self.plan(read: false)
        let error = #expect(throws: Problem.self) {
            try Translator().translate(
                .update, for: plan, id: Array("1".utf8), body: Array(#"{"translations":{"de":{"name":"N"}}}"#.utf8))
        }
        #expect(error?.code == .unsupportedField)
        #expect(error?.errors.first?.pointer == "/translations")
        #expect(error?.errors.first?.detail.contains("would be lost") == true)
    }

    @Test("what is dropped is not merged either")
    func dropped() throws {
        let plan = try TargetPlan(targetName: "softwareone", dialect: Dialect(named: "softwareone"))
        let translator = Translator()
        let request = try translator.translate(
            .update, for: plan, id: Array("1".utf8), body: Array(#"{"externalIds":{"operations":"o","x":"y"}}"#.utf8),
            handling: .lenient)
        #expect(!request.readsFirst, "this vendor merges")
        #expect(request.warnings.map(\.pointer) == ["/externalIds/x"])
    }
}
