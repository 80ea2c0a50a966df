import GatewayDocuments
import GatewayJSON
import Testing

@testable import GatewayTranslation

@Suite("What a caller may set")
struct FieldAccessTests {
    private static func refused(_ access: FieldAccess, _ body: String) throws -> [String] {
        let document = try JSONDocument(parsing: body)
        let problem = document.withView { view -> Problem? in
            do throws(Problem) {
                try access.check(view, target: "cor")
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
                try FieldAccess([]).check(view, target: "cor")
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

    // MARK: The property

    /// Text that stands nowhere but in what must not be sent.
    private static let mark = "FORBIDDEN-MARK"

    @Test("whoever may not set /billing causes no byte of it to be sent, in any dialect", arguments: 0..<4)
    func property(seed: Int) throws {
        let access = FieldAccess([.except([["billing"]])])
        let translator = Translator()
        var random = Generator(state: UInt64(seed) &* 7919 &+ 1)
        var sent = 0
        for name in Dialect.builtInNames {
            var options = TargetOptions(handling: .lenient)
            options.targetNames = ["t"]
            options.dialectNames = Dialect.builtInNames
            guard let dialect = try? Dialect(named: name),
                let plan = try? TargetPlan(targetName: "t", dialect: dialect, options: options)
            else { continue }
            for _ in 0..<500 {
                let body = Array(Self.body(&random, dialect: name).utf8)
                guard
                    let request = try? translator.translate(
                        .update, for: plan, id: Array("p-1".utf8), body: body, access: access)
                else { continue }
                sent += 1
                #expect(!Self.contains(request.body, Self.mark), "\(name): \(String(decoding: body, as: UTF8.self))")
            }
        }
        #expect(sent > 50)
    }

    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return self.state ^ self.state >> 29
        }
    }

    /// A body with some harmless members and, often, something of `billing` in one of its spellings.
    private static func body(_ random: inout Generator, dialect: String) -> String {
        let billing = ["billing", "b\\u0069lling", "\\u0062\\u0069\\u006cling", "Billing", "billing ", "/billing"]
        let inner = ["taxGroup", "costCentre", "measurement", "invoiceVisibility", "tax\\u0047roup", "x"]
        let value = ["\"\(self.mark)\"", "{\"id\":\"\(self.mark)\"}", "[\"\(self.mark)\"]"]
        var members = ["\"name\":\"n\"", "\"description\":\"d\"", "\"sku\":\"s\"", "\"status\":\"live\""]
            .filter { _ in Bool.random(using: &random) }
        func pick(_ list: [String], _ random: inout Generator) -> String {
            list[Int(random.next() % UInt64(list.count))]
        }
        let choice = random.next() % 6
        let (name, member, marked) = (pick(billing, &random), pick(inner, &random), pick(value, &random))
        switch choice {
        case 0: members.append("\"\(name)\":{\"\(member)\":\(marked)}")
        case 1: members.append("\"\(name)\":\(marked)")
        case 2: members.append("\"vendorFields\":{\"\(dialect)\":{\"\(name)\":{\"\(member)\":\(marked)}}}")
        case 3: members.append("\"vendor\\u0046ields\":{\"\(dialect)\":{\"\(member)\":\(marked)}}")
        default: break
        }
        members.shuffle(using: &random)
        return "{" + members.joined(separator: ",") + "}"
    }

    private static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
        String(decoding: bytes, as: UTF8.self).contains(text)
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
}
