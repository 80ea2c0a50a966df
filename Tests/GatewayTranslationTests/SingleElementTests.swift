import GatewayTranslation
import Testing

@Suite("A list of one that the vendor has without the list")
struct SingleElementTests {
    private static func plan(_ image: String, update: String = "", semantics: String = "") throws -> TargetPlan {
        let document = """
            {"format": 2, "name": "x", "title": "X"\(semantics),
             "operations": {
               "update": {"method": "PUT", "path": "/p/{id}", "body": "{fields}"\(update)},
               "create": {"method": "POST", "path": "/p", "body": "{fields}", "id": {"answer": "/id"}}},
             "read": {"path": "/p/{id}"}, "answer": {"fields": "", "required": ["/id"]},
             "fields": {"/name": {"vendor": "/n"}, "/images": {"vendor": "/i", "as": "single"\(image)}}}
            """
        return try TargetPlan(targetName: "x", dialect: Dialect(parsing: Array(document.utf8)))
    }

    private static func written(
        _ body: String, _ image: String, _ operation: ProductOperation = .update, update: String = ""
    ) throws -> String {
        do throws(Problem) {
            let plan = try? self.plan(image, update: update)
            guard let plan else { return "no plan" }
            let request = try Translator().translate(
                operation, for: plan, id: operation == .update ? [0x37] : nil, body: Array(body.utf8))
            return String(decoding: request.body, as: UTF8.self)
        } catch {
            return error.errors.map { "\($0.pointer ?? "-") \($0.code)" }.joined(separator: ", ")
        }
    }

    private static func read(_ answer: String, _ image: String) throws -> String {
        let plan = try self.plan(image)
        let answer = VendorAnswer(status: 200, body: Array(answer.utf8))
        guard case .product(let folded) = Translator().fold(answer, to: nil, operation: .update, for: plan) else {
            return "no product"
        }
        return String(decoding: folded.product, as: UTF8.self)
    }

    private static let url = #", "entries": "{/url}""#
    private static let object = #", "entries": {"src": "{/url}", "alt": "{/alt}"}, "clear": """#

    @Test("it is written in the form of the vendor's one, as JSON and as a form")
    func writes() throws {
        let image = #"{"images": [{"url": "u"}]}"#
        #expect(try Self.written(image, Self.url) == #"{"i":"u"}"#)
        #expect(try Self.written(image, Self.url, .create) == #"{"i":"u"}"#)
        #expect(try Self.written(image, Self.url, update: #", "encoding": "form""#) == "i=u")
        #expect(
            try Self.written(#"{"images": [{"url": "u", "alt": "a"}]}"#, Self.object) == #"{"i":{"src":"u","alt":"a"}}"#
        )
    }

    @Test("no element is what null is: cleared where the vendor can, and nothing in a create")
    func empty() throws {
        #expect(try Self.written(#"{"name": "x", "images": []}"#, Self.url) == "/images cannot_clear")
        #expect(try Self.written(#"{"images": []}"#, Self.object) == #"{"i":""}"#)
        #expect(try Self.written(#"{"images": null}"#, Self.object) == #"{"i":""}"#)
        #expect(try Self.written(#"{"name": "x", "images": []}"#, Self.object, .create) == #"{"n":"x"}"#)
    }

    @Test("what the vendor has no place for is refused, and never lost")
    func refuses() throws {
        #expect(try Self.written(#"{"images": [{"url": "u"}, {"url": "v"}]}"#, Self.url) == "/images too_many")
        #expect(
            try Self.written(#"{"images": [{"url": "u", "alt": "a"}]}"#, Self.url) == "/images/0/alt unsupported_field")
        #expect(try Self.written(#"{"images": [{"alt": "a"}]}"#, #", "entries": "{/alt}""#).contains("/images/0/url"))
        #expect(try Self.written(#"{"images": [null]}"#, Self.url) == "/images/0 wrong_type")
    }

    @Test("it is read back as a list of one; what has another form is left out")
    func reads() throws {
        #expect(try Self.read(#"{"id": 7, "i": "u"}"#, Self.url) == #"{"images":[{"url":"u"}]}"#)
        #expect(try Self.read(#"{"id": 7, "i": ""}"#, Self.url) == #"{"images":[]}"#)
        #expect(try Self.read(#"{"id": 7, "i": null}"#, Self.url) == #"{"images":null}"#)
        #expect(try Self.read(#"{"id": 7, "i": 5}"#, Self.url) == "{}")
        #expect(
            try Self.read(#"{"id": 7, "i": {"src": "u", "alt": null}}"#, Self.object) == #"{"images":[{"url":"u"}]}"#)
    }
}
