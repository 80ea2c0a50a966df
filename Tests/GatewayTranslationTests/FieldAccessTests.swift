import GatewayDocuments
import GatewayJSON
import Testing

@testable import GatewayTranslation

@Suite("What a caller may set")
struct FieldAccessTests {
    private static let none = VendorPlaces(dialect: "cor", places: [])

    private static func refused(
        _ access: FieldAccess, _ body: String, _ places: VendorPlaces = none
    ) throws -> [String] {
        let document = try JSONDocument(parsing: body)
        let problem = document.withView { view -> Problem? in
            do throws(Problem) {
                try access.check(view, target: "cor", places: places)
                return nil
            } catch {
                return error
            }
        }
        guard let problem = try #require(problem) else { return [] }
        #expect(problem.code == .forbidden)
        #expect(problem.origin == .gateway)
        #expect(problem.outcome == .notSent)
        #expect(problem.errors.allSatisfy { $0.code == "not_permitted" })
        return problem.errors.compactMap(\.pointer)
    }

    @Test(
        "without /billing nothing of it can be set, however it is spelt",
        arguments: [
            (#"{"name":"n","billing":{"taxGroup":{"id":"1"}}}"#, ["/billing/taxGroup/id"]),
            (#"{"billing":null}"#, ["/billing"]),
            (#"{"billing":{}}"#, ["/billing"]),
            (#"{"billing":[1]}"#, ["/billing"]),
            (#"{"b\u0069lling":{"taxGroup":null,"costCentre":{}}}"#, ["/billing/taxGroup", "/billing/costCentre"]),
            (#"{"vendorFields":{"cor":{"tax":1},"x":2}}"#, ["/vendorFields/cor/tax", "/vendorFields/x"]),
            (#"{"vendorFields":{}}"#, ["/vendorFields"]),
            (#"{"name":"n","ids":{"cor":"1"},"translations":{"de":{"name":"x"}}}"#, []),
        ])
    func except(body: String, refused: [String]) throws {
        #expect(try Self.refused(FieldAccess([.except([["billing"]])]), body) == refused)
    }

    @Test(
        "what holds a member that is excepted cannot be replaced or cleared whole",
        arguments: [
            (#"{"billing":{"costCentre":{"id":1}}}"#, []), (#"{"billing":null}"#, ["/billing"]),
            (#"{"billing":{"taxGroup":{"id":1}}}"#, ["/billing/taxGroup/id"]), (#"{"billing":{}}"#, ["/billing"]),
        ])
    func within(body: String, refused: [String]) throws {
        #expect(try Self.refused(FieldAccess([.except([["billing", "taxGroup"]])]), body) == refused)
    }

    @Test(
        "only what is named can be set, and not what holds it",
        arguments: [
            (#"{"customFields":{"colour":"red"}}"#, []),
            (#"{"customFields":{"colour":{"a":1}}}"#, []),
            (#"{"customFields":{"colour":"red","size":1}}"#, ["/customFields/size"]),
            (#"{"customFields":null}"#, ["/customFields"]), (#"{"customFields":{}}"#, ["/customFields"]),
            (#"{"translations":{"fr-FR":{"name":"x","description":"y"}}}"#, ["/translations/fr-FR/description"]),
            (#"{"name":"n"}"#, ["/name"]), (#"{"ids":{"cor":"1"}}"#, []),
        ])
    func only(body: String, refused: [String]) throws {
        let access = FieldAccess([.only([["customFields", "colour"], ["translations", "*", "name"]])])
        #expect(try Self.refused(access, body) == refused)
    }

    @Test(
        "without a rule nothing is permitted, not even an update that sets nothing", arguments: ["{}", #"{"ids":{}}"#])
    func none(body: String) throws {
        let isRefused = try JSONDocument(parsing: body).withView { view -> Bool in
            do throws(Problem) {
                try FieldAccess([]).check(view, target: "cor", places: Self.none)
                return false
            } catch {
                return error.code == .forbidden
            }
        }
        #expect(isRefused == true)
    }

    @Test("several rules permit what one of them permits")
    func several() throws {
        let access = FieldAccess([.only([["name"]]), .only([["vendorFields", "cor"]])])
        #expect(
            try Self.refused(access, #"{"name":"n","vendorFields":{"cor":{"a":1},"sap":{}}}"#) == ["/vendorFields/sap"])
    }

    @Test("how much of a field may be set")
    func extents() {
        let except = FieldAccess([.except([["billing", "taxGroup"], ["name"], ["customFields", "x"]])])
        #expect(except.extent(of: ["name"]) == .none)
        #expect(except.extent(of: ["billing", "taxGroup"]) == .none)
        #expect(except.extent(of: ["billing", "costCentre"]) == .all)
        #expect(except.extent(of: ["customFields"]) == .part)
        let only = FieldAccess([.only([["billing"], ["customFields", "x"]])])
        #expect(only.extent(of: ["billing", "taxGroup"]) == .all)
        #expect(only.extent(of: ["customFields"]) == .part)
        #expect(only.extent(of: ["name"]) == .none)
    }

    @Test("a long name that holds many members is not repeated for each of them")
    func longNames() throws {
        let name = String(repeating: "x", count: 100_000)
        let members = (0..<200).map { #""m\#($0)":1"# }.joined(separator: ",")
        let pointers = try Self.refused(
            FieldAccess([.except([["billing"]])]), #"{"vendorFields":{"\#(name)":{\#(members)}}}"#)
        #expect(!pointers.isEmpty)
        #expect(pointers.allSatisfy { $0.utf8.count < 300 })
        #expect(pointers.reduce(0) { $0 + $1.utf8.count } < 20_000)
    }

    @Test("a long name in the vendor's words is looked at once, however many members are below it")
    func longVendorNames() throws {
        let places = VendorPlaces(
            dialect: "cor", places: [(try #require(CanonicalProduct.index(of: "/name")), ["title"])])
        let access = FieldAccess([.only([["vendorFields"]])])
        let members = (0..<20_000).map { #""m\#($0)":1"# }.joined(separator: ",")
        let name = String(repeating: "x_", count: 100_000)
        let body = #"{"vendorFields":{"cor":{"\#(name)":{\#(members)},"title":1}}}"#
        #expect(try Self.refused(access, body, places) == ["/vendorFields/cor/title"])
    }

    @Test(
        "what the vendor keeps a canonical member in cannot be set by vendorFields without that member",
        arguments: [
            (#"{"tax_group":{"id":1}}"#, ["/tax_group/id"]), (#"{"tax_group":null}"#, ["/tax_group"]),
            (#"{"taxGroup":1}"#, ["/taxGroup"]), (#"{"tax_group[id]":1}"#, ["/tax_group[id]"]),
            (#"{"price":{"amount":1,"valid":2}}"#, ["/price/amount"]), (#"{"price":[]}"#, ["/price"]),
            (#"{"price.amount":1}"#, ["/price.amount"]), (#"{"title":"x","tax":1,"prices":2}"#, []),
        ])
    func ownedByCanonicalMembers(fields: String, refused: [String]) throws {
        func field(_ pointer: String) throws -> Int { try #require(CanonicalProduct.index(of: pointer)) }
        let places = VendorPlaces(
            dialect: "cor",
            places: [
                (try field("/billing/taxGroup"), ["tax_group"]), (try field("/price/amount"), ["price", "amount"]),
                (try field("/name"), ["title"]),
            ])
        let access = FieldAccess([.only([["name"], ["vendorFields", "cor"]])])
        let found = try Self.refused(access, #"{"vendorFields":{"cor":\#(fields)}}"#, places)
        #expect(found == refused.map { "/vendorFields/cor" + $0 })
        // Another vendor's words mean nothing here.
        let other = FieldAccess([.only([["name"], ["vendorFields"]])])
        #expect(try Self.refused(other, #"{"vendorFields":{"sap":\#(fields)}}"#, places) == [])
    }
}
