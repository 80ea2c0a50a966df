import GatewayJSON
import GatewayTranslation
import Testing

@testable import GatewayProxy

@Suite("Where values go")
struct CarriedValuesTests {
    /// The links of a document through a dialect's own translation, as `from → to, to`.
    private static func links(
        _ document: String, _ dialect: String, id: String = "P1", options: TargetOptions = TargetOptions(),
        budget: CarriedValues.Budget = .init()
    ) throws -> [String] {
        let plan = try TargetPlan(targetName: "t", dialect: Dialect(named: dialect), options: options)
        let translator = Translator()
        func places(_ body: [UInt8]) -> CarriedValues.Places? {
            guard let request = try? translator.translate(.update, for: plan, id: Array(id.utf8), body: body) else {
                return nil
            }
            var places = CarriedValues.places(ofBody: request.body, limits: .exchange)
            places["url"] = request.path
            return places
        }
        let text = Array(document.utf8)
        var budget = budget
        return CarriedValues.links(
            of: text, try TextSegments(text, limits: .exchange), places: try #require(places(text)), budget: &budget,
            render: places
        ).map { "\($0.from) → \($0.to.joined(separator: ", "))" }
    }

    @Test("a renamed member, a word that becomes another, a map and a list are followed")
    func elasticPath() throws {
        #expect(
            try Self.links(
                #"{"name":"n","status":"live","gtin":"0012345678905","tags":["a","b"],"#
                    + #""translations":{"de-DE":{"name":"m"}}}"#, "elastic-path")
                == [
                    "/name → /data/attributes/name", "/status → /data/attributes/status",
                    "/gtin → /data/attributes/upc_ean", "/tags/0 → /data/attributes/tags/0",
                    "/tags/1 → /data/attributes/tags/1",
                    "/translations/de-DE/name → /data/attributes/locales/de-DE/name",
                ])
    }

    @Test("a value that stands in the path and in the body leads to both")
    func id() throws {
        let links = try Self.links(#"{"name":"n","ids":{"t":"P9"}}"#, "elastic-path")
        #expect(links.last == "/ids/t → /data/id, url")
    }

    @Test("a word with one alternative, a null and a number of another's keeping are followed")
    func words() throws {
        var options = TargetOptions()
        options.handling = .strict
        #expect(
            try Self.links(
                #"{"status":"archived","vendorFields":{"catalogue":{"weight":12,"on":true}}}"#, "catalogue",
                options: options)
                == [
                    "/status → /isArchived", "/vendorFields/catalogue/weight → /weight",
                    "/vendorFields/catalogue/on → /on",
                ])
    }

    @Test("what is left out leads nowhere")
    func nowhere() throws {
        var options = TargetOptions()
        options.handling = .lenient
        options.parameters = ["source": "MICROSOFT_DYNAMICS"]
        #expect(try Self.links(#"{"name":"n","slug":"x"}"#, "cor", options: options) == ["/name → /name"])
    }

    @Test("no more translations are made than the budget has")
    func budget() throws {
        var budget = CarriedValues.Budget()
        budget.left = 1
        #expect(try Self.links(#"{"name":"n","sku":"s"}"#, "elastic-path", budget: budget).count == 1)
    }
}
