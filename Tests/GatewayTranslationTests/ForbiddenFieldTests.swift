import Foundation
import Testing

@testable import GatewayTranslation

/// Whoever may not set a member can cause no byte of it to be sent, at any of the vendors.
@Suite("Without a member nothing of it is sent")
struct ForbiddenFieldTests {
    /// Text that stands nowhere but in what must not be sent.
    private static let mark = "FORBIDDENMARK"
    private static let harmless = "harmless"

    /// Members that a rule keeps from a caller: fields, what holds them, and what lies within.
    private static let forbidden =
        CanonicalProduct.fields.map(\.pointer) + [
            "/billing", "/price", "/weight", "/seo", "/billing/taxGroup/id", "/translations/fr-FR",
            "/translations/*/name", "/customFields/secret", "/externalIds/erp", "/components/a/b",
        ]

    /// A target of each dialect that comes with the gateway, with every field that can be switched on.
    private static func plan(_ name: String) throws -> TargetPlan {
        let dialect = try Dialect(named: name)
        var parameters: [String: String] = [:]
        for parameter in dialect.parameters where parameter.fallback == nil {
            parameters[parameter.name] =
                parameter.choices?.first ?? (parameter.name.lowercased().contains("currency") ? "EUR" : "en-US")
        }
        var options = TargetOptions(
            parameters: parameters,
            enabledFields: dialect.fields.filter { $0.offReason != nil }.map {
                CanonicalProduct.fields[$0.canonical].pointer
            }, handling: .lenient)
        options.targetNames = ["t"]
        options.dialectNames = Dialect.builtInNames
        return try TargetPlan(targetName: "t", dialect: dialect, options: options)
    }

    /// JSON that fits a canonical field.
    private static func value(_ pointer: String, _ text: String) -> String {
        switch pointer {
        case "/status": "\"live\""
        case "/kind": "\"physical\""
        case "/tags": "[\"\(text)\"]"
        case "/families": "[{\"id\":\"\(text)\"}]"
        case "/images": "[{\"url\":\"https://shop.example/\(text)\",\"alt\":\"\(text)\"}]"
        case "/translations": "{\"de-DE\":{\"name\":\"\(text)\"}}"
        case "/externalIds", "/customFields": "{\"colour\":\"\(text)\"}"
        case "/components", "/customInputs": "{\"a\":{\"name\":\"\(text)\"}}"
        case "/variants": "[{\"id\":\"1\",\"name\":\"\(text)\",\"sku\":\"\(text)\"}]"
        case "/buildRules", "/billing/measurement", "/billing/taxGroup", "/billing/costCentre":
            "{\"id\":\"\(text)\"}"
        case "/price/amount", "/weight/value": "\"12.50\""
        case "/price/currency": "\"EUR\""
        case "/weight/unit": "\"kg\""
        default: "\"\(text)\""
        }
    }

    /// A body of whole members, nested as the canonical product nests them.
    private static func body(_ fields: [(pointer: String, value: String)], further: [String] = []) -> String {
        var members = further
        var containers: [String: [String]] = [:]
        for (pointer, value) in fields {
            let tokens = pointer.dropFirst().split(separator: "/").map(String.init)
            if tokens.count == 1 {
                members.append("\"\(tokens[0])\":\(value)")
            } else {
                containers[tokens[0], default: []].append("\"\(tokens[1])\":\(value)")
            }
        }
        for (name, inner) in containers.sorted(by: { $0.key < $1.key }) {
            members.append("\"\(name)\":{\(inner.joined(separator: ","))}")
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    private static func rendered(
        _ translator: Translator, _ operation: ProductOperation, _ plan: TargetPlan, _ body: String,
        _ access: FieldAccess? = nil
    ) throws(Problem) -> VendorRequest {
        try translator.translate(
            operation, for: plan, id: Array("1234".utf8), body: Array(body.utf8), access: access)
    }

    private static func contains(_ request: VendorRequest, _ text: String) -> Bool {
        let headers = request.headers.map { $0.name + $0.value }
        let following = request.part?.following.flatMap { [$0.fields, $0.locale] } ?? []
        let parts = ([request.body, request.path] + following).map { String(decoding: $0, as: UTF8.self) }
        return (parts + headers).contains { $0.contains(text) }
    }

    // MARK: Spellings

    /// A name with some of its letters as escapes.
    private static func escaped(_ name: String, _ random: inout DocumentGenerator) -> String {
        name.unicodeScalars.map { scalar in
            guard scalar.isASCII, Bool.random(using: &random) else { return String(scalar) }
            let digits = String(scalar.value, radix: 16)
            let padded = String(repeating: "0", count: 4 - digits.count) + digits
            return "\\u" + (Bool.random(using: &random) ? padded : padded.uppercased())
        }.joined()
    }

    /// A member that says something of what is forbidden, or tries to.
    private static func spelling(
        _ tokens: [String], dialect: String, _ random: inout DocumentGenerator
    ) -> String {
        let tokens = tokens.map { $0 == "*" ? "de-DE" : $0 }
        func nested(_ tokens: [String], _ value: String) -> String {
            tokens.dropFirst().reversed().reduce(value) { "{\"\(self.escaped($1, &random))\":\($0)}" }
        }
        let value = random.pick([
            "\"\(self.mark)\"", "{\"id\":\"\(self.mark)\"}", "[\"\(self.mark)\"]", "null", "{}", "[]",
            "{\"x\":{\"y\":\"\(self.mark)\"}}", "[{\"id\":\"\(self.mark)\"}]", "true", "17",
        ])
        let name = self.escaped(tokens[0], &random)
        let whole = "\"\(name)\":" + nested(tokens, value)
        switch Int.random(in: 0..<9, using: &random) {
        case 0: return whole + ",\"\(tokens[0])\":" + nested(tokens, value)
        case 1: return "\"\(tokens.joined(separator: "/"))\":\(value)"
        case 2: return "\"\(tokens.joined(separator: "."))\":\(value)"
        case 3: return "\"\(tokens[0].uppercased())\":" + nested(tokens, value)
        case 4: return "\"\(self.escaped("vendorFields", &random))\":{\"\(dialect)\":{\(whole)}}"
        case 5 where tokens.count == 1 || !value.hasPrefix("{"): return "\"\(tokens[0])\":\(value)"
        default: return whole
        }
    }

    @Test("however it is spelt, in every dialect", arguments: Dialect.builtInNames)
    func spellings(name: String) throws {
        let plan = try Self.plan(name)
        let translator = Translator()
        var random = DocumentGenerator(seed: UInt64(name.utf8.reduce(7) { ($0 * 31 + Int($1)) & 0xFFFF }))
        var sent = 0
        for pointer in Self.forbidden {
            let tokens = FieldAccess.tokens(of: pointer)
            let access = FieldAccess([.except([tokens])])
            for _ in 0..<12 {
                let others = CanonicalProduct.fields.map(\.pointer).filter { field in
                    !zip(FieldAccess.tokens(of: field), tokens).allSatisfy { $0 == $1 }
                        && Int.random(in: 0..<4, using: &random) == 0
                }
                let body = Self.body(
                    others.map { ($0, Self.value($0, Self.harmless)) },
                    further: Int.random(in: 0..<8, using: &random) == 0
                        ? [] : [Self.spelling(tokens, dialect: name, &random)])
                for operation in [ProductOperation.update, .create] {
                    guard let request = try? Self.rendered(translator, operation, plan, body, access) else { continue }
                    sent += 1
                    #expect(!Self.contains(request, Self.mark), "\(pointer): \(body)")
                }
            }
        }
        #expect(sent > 10)
    }

    @Test("nor what clears it, or what holds it", arguments: ["null", "{}", "[]", "\"\"", "0"])
    func clearing(value: String) throws {
        let translator = Translator()
        for name in Dialect.builtInNames {
            let plan = try Self.plan(name)
            for pointer in ["/billing/taxGroup", "/price/amount", "/seo/title", "/translations/fr-FR/name"] {
                let tokens = FieldAccess.tokens(of: pointer)
                let body = Self.body([("/" + tokens[0], value), ("/name", "\"n\"")])
                #expect(throws: Problem.self) {
                    try Self.rendered(translator, .update, plan, body, FieldAccess([.except([tokens])]))
                }
            }
        }
    }

    // MARK: The vendor's own words

    /// Ways to write the same member of a vendor's, some of which vendors take although they do not say so.
    private static func vendorSpellings(_ way: [String]) -> [String] {
        func nested(_ way: [String], _ value: String) -> String {
            way.reversed().reduce(value) { "{\"\($1)\":\($0)}" }
        }
        let marked = "\"\(self.mark)\""
        let first = way[0]
        let brackets = first + way.dropFirst().map { "[\($0)]" }.joined()
        let escaped = way.map { $0.unicodeScalars.map { "\\u00" + String($0.value, radix: 16) }.joined() }
        return [
            nested(way, marked), nested(way, "{\"x\":\(marked)}"), nested(way, "[\(marked)]"),
            nested([first], marked), nested([first], "[{\"x\":\(marked)}]"),
            nested(way.map { $0.uppercased() }, marked),
            nested(way.map { $0.replacingOccurrences(of: "_", with: "") }, marked),
            nested([brackets], marked), nested([way.joined(separator: ".")], marked),
            way.allSatisfy { $0.allSatisfy(\.isASCII) } ? nested(escaped, marked) : nested(way, marked),
            nested(way + ["deeper"], marked),
        ]
    }

    @Test("nor by the vendor's own name for it", arguments: Dialect.builtInNames)
    func vendorNames(name: String) throws {
        let plan = try Self.plan(name)
        let translator = Translator()
        var (refused, sentByOthers) = (0, 0)
        for field in plan.dialect.fields {
            let pointer = CanonicalProduct.fields[field.canonical].pointer
            // Everything else, and anything in the vendor's words.
            let access = FieldAccess([
                .only(
                    CanonicalProduct.fields.map(\.tokens).filter { $0 != FieldAccess.tokens(of: pointer) }
                        + [["vendorFields", name]])
            ])
            for way in field.writtenPlaces.map({ $0.map { plan.resolved.token($0) } }) {
                for spelling in Self.vendorSpellings(way) {
                    let body = Self.body([], further: ["\"vendorFields\":{\"\(name)\":\(spelling)}"])
                    do throws(Problem) {
                        let request = try Self.rendered(translator, .update, plan, body, access)
                        #expect(!Self.contains(request, Self.mark), "\(pointer): \(body)")
                    } catch {
                        #expect(error.code == .forbidden, "\(pointer): \(body)")
                        refused += 1
                    }
                    // Who may set everything does that.
                    if let request = try? Self.rendered(translator, .update, plan, body),
                        Self.contains(request, Self.mark) || request.readsFirst
                    {
                        sentByOthers += 1
                    }
                }
            }
        }
        #expect(refused > 0)
        // Lists of actions take no vendorFields at all.
        #expect(sentByOthers > 0 || plan.update?.layout == .actions)
        let free = "{\"vendorFields\":{\"\(name)\":{\"something_else\":\"\(Self.mark)\"}}}"
        let access = FieldAccess([.only([["vendorFields", name]])])
        if plan.update?.layout != .actions {
            #expect(Self.contains(try Self.rendered(translator, .update, plan, free, access), Self.mark))
        }
    }

    // MARK: Other members' names

    /// Where a text stands in a request: ways through its body, those of lists by what tells elements apart.
    private static func ways(to text: String, in request: VendorRequest) -> Set<String> {
        let body = String(decoding: request.body, as: UTF8.self)
        guard request.isJSON else {
            return Set(
                body.split(separator: "&").filter { $0.contains(text) }.compactMap { pair in
                    pair.split(separator: "=").first?.removingPercentEncoding?.lowercased()
                })
        }
        var found: Set<String> = []
        func walk(_ value: Any, _ way: String) {
            if let object = value as? [String: Any] {
                for (name, inner) in object { walk(inner, way + "/" + name.lowercased()) }
            } else if let list = value as? [Any] {
                for element in list {
                    let key =
                        (element as? [String: Any])?.filter { !"\($0.value)".contains(text) }
                        .map { "\($0.key)=\($0.value)" }.sorted().joined(separator: ",") ?? ""
                    walk(element, way + "/[\(key.lowercased())]")
                }
            } else if "\(value)".contains(text) {
                found.insert(way)
            }
        }
        // What follows for a translation is about that translation: its path says so.
        let following = request.part?.following.map { ($0.fields, String(decoding: $0.locale, as: UTF8.self)) } ?? []
        for (part, way) in [(request.body, request.isFollowing ? request.pathText : "")] + following {
            if let document = try? JSONSerialization.jsonObject(with: Data(part), options: .fragmentsAllowed) {
                walk(document, way)
            }
        }
        return found
    }

    @Test("nor by a member of a map that has its name", arguments: Dialect.builtInNames)
    func mapMembers(name: String) throws {
        let plan = try Self.plan(name)
        let translator = Translator()
        for operation in [ProductOperation.update, .create] {
            let required = plan.dialect.fields.filter { $0.requiredOperations.contains(operation) }
                .map { CanonicalProduct.fields[$0.canonical].pointer }
            for field in plan.dialect.fields {
                let pointer = CanonicalProduct.fields[field.canonical].pointer
                let others = required.filter { $0 != pointer }.map { ($0, Self.value($0, Self.harmless)) }
                let own = Self.body(others + [(pointer, Self.value(pointer, Self.mark))])
                guard let reference = try? Self.rendered(translator, operation, plan, own) else { continue }
                let places = Self.ways(to: Self.mark, in: reference)
                let names = Set(field.writtenPlaces.flatMap { $0.map { plan.resolved.token($0) } } + field.aliases)
                let access = FieldAccess([.except([FieldAccess.tokens(of: pointer)])])
                let maps = plan.dialect.fields.map { CanonicalProduct.fields[$0.canonical] }
                    .filter { $0.shape.isMap && $0.pointer != pointer }.map(\.pointer)
                for map in maps {
                    for key in names.flatMap({ [$0, $0.uppercased(), "x][\($0)", $0 + "]"] }) {
                        let value = map == "/translations" ? "{\"name\":\"\(Self.mark)\"}" : "\"\(Self.mark)\""
                        let body = Self.body(others + [(map, "{\"\(key)\":\(value)}")])
                        guard let request = try? Self.rendered(translator, operation, plan, body, access) else {
                            continue
                        }
                        let found = Self.ways(to: Self.mark, in: request)
                        #expect(found.isDisjoint(with: places), "\(pointer): \(body)")
                    }
                }
            }
        }
    }
}
