import GatewayDocuments
import GatewayJSON

/// Reads how a vendor writes one field's value, where it is not as JSON has it.
struct FieldForms {
    var form: Dialect.ValueForm?
    var entry: ValueTemplate?
    var entries: ValueTemplate?
    var identity: [String]?
    var clearEntry: ValueTemplate?
    var localized: [Dialect.LocalizedPlace] = []
    var ownLocale: String?

    private let requests: Dialect.Requests
    private let shape: Shape

    init(_ members: ObjectReader, shape: Shape, parameters: [Dialect.Parameter]) {
        self.requests = Dialect.Requests(parameters: parameters)
        self.shape = shape
        self.readForm(members)
        self.readElements(members)
        self.readLocalized(members)
    }

    private mutating func readForm(_ members: ObjectReader) {
        let decimals = members.optional("decimals")
        let separator = members.optional("separator")
        guard let place = members.optional("as") else {
            (decimals ?? separator)?.refuse("needs \"as\" beside it")
            return
        }
        let isScalar = !self.shape.types.isDisjoint(with: [.string, .number])
        switch place.node?.string {
        case "text" where isScalar: self.form = .text
        case "number" where isScalar: self.form = .number
        case "units" where isScalar:
            self.form =
                decimals?.node?.kind == .object
                ? decimals.map(Self.currencyUnits)
                : .units(decimals: decimals?.integer(in: 0...6, expected: "how many decimals, from 0 to 6") ?? 2)
        case "lowercase" where self.shape.types == .string: self.form = .lowercase
        case "joined" where self.shape.types.contains(.array):
            self.form = .joined(separator: separator?.node?.string ?? ",")
            if separator?.node?.string?.isEmpty == true { separator?.refuse("expected a text that is not empty") }
        case "single" where self.shape.types.contains(.array):
            self.form = .single
            for name in ["minItems", "maxItems"] { members.optional(name)?.refuse("there is one item") }
        default:
            place.refuseChoice(
                of: self.shape.types.contains(.array)
                    ? ["joined", "single"] : ["text", "number", "units", "lowercase"])
        }
        if place.node?.string != "units" { decimals?.refuse("needs \"as\": \"units\"") }
        if place.node?.string != "joined" { separator?.refuse("needs \"as\": \"joined\"") }
    }

    /// Decimals that the currency of the price has.
    private static func currencyUnits(_ place: Place) -> Dialect.ValueForm {
        place.readObject { members in
            let of = members.required("of", expected: "\"/price/currency\", whose decimals they are")
            if let of, of.node?.string != "/price/currency" { of.refuseChoice(of: ["/price/currency"]) }
            var except: [String: Int] = [:]
            for (code, value) in members.optional("except")?.entries ?? [] {
                if CurrencyDecimals.count(of: code) == nil { value.refuse("\"\(code)\" is no currency of ISO 4217") }
                except[code] = value.integer(in: 0...6, expected: "how many decimals, from 0 to 6")
            }
            return .currencyUnits(except: except)
        }
    }

    private mutating func readElements(_ members: ObjectReader) {
        if let place = members.optional("entry") {
            if self.form == .single { place.refuse("\"entry\" is of a list, and \"as\": \"single\" of none") }
            self.entry = self.requests.template(place, for: .element)
            if let entry = self.entry {
                if !entry.hasValue { place.refuse("\"{value}\" must stand where the value goes") }
                if entry.hasKey { place.refuse("{key} is for a whole map: use \"entries\"") }
                if entry.hasLocale { place.refuse("{locale} is for translations: use \"localized\"") }
            }
        }
        if let place = members.optional("clearEntry") {
            if self.entry == nil { place.refuse("needs \"entry\": the element in whose place it is written") }
            members.optional("clear")?.refuse("\"clear\" and \"clearEntry\" exclude each other")
            self.clearEntry = self.requests.template(place, for: .element)
            if self.clearEntry?.hasValue == true { place.refuse("there is no value to be written") }
        }
        let identity = members.optional("identity")
        guard let place = members.optional("entries") else {
            identity?.refuse("needs \"entries\": the form in which the member stands")
            return
        }
        members.optional("entry")?.refuse("\"entry\" and \"entries\" exclude each other")
        guard !self.shape.types.isDisjoint(with: [.array, .object]) else {
            place.refuse("unreachable: the value is neither a list nor a map")
            return
        }
        self.entries = self.requests.template(place, for: .element)
        guard let entries = self.entries else { return }
        if !entries.hasValue { place.refuse("\"{value}\", or a member such as \"{/url}\", must stand in it") }
        if self.shape.isMap, !entries.hasKey { place.refuse("\"{key}\" must stand where the name goes") }
        let known = (self.shape.items ?? self.shape.values)?.members.map(\.name) ?? []
        for tokens in entries.members where !known.isEmpty && !known.contains(tokens.first ?? "") {
            place.refuse(
                "{\(tokens.map { "/" + $0 }.joined())} is no member of the canonical value: it has "
                    + known.joined(separator: ", "))
        }
        if self.form != nil, self.form != .single {
            place.refuse("\"entries\" keep a list, which \"as\" makes something else of")
        }
        if let identity {
            if self.form == .single { identity.refuse("there are no others that it could be told from") }
            self.identity = identity.pointer()
            if self.shape.isMap { identity.refuse("the entries of a map are told by their names") }
            if let tokens = self.identity, !entries.members.contains(tokens) {
                identity.refuse("expected a member that stands in \"entries\", such as \"/id\"")
            }
        }
        if !self.shape.isMap, entries.hasKey { place.refuse("a list has no names: {key} cannot be filled") }
    }

    /// What the vendor's forms leave no place for: members of a list's items that do not stand in `entries`, and more
    /// items than one.
    ///
    /// - Parameter overlay: what the dialect says of the field beside it.
    func limits(with overlay: Shape?) -> Shape? {
        let limits = Shape(itemsMax: self.form == .single ? 1 : nil, items: self.itemsTaken)
        guard limits.itemsMax != nil || limits.items != nil else { return overlay }
        return overlay.map { $0.tightened(by: limits) } ?? limits
    }

    private var itemsTaken: Shape? {
        guard let entries = self.entries, let items = self.shape.items, !entries.hasWhole
        else { return nil }
        let taken = Set(entries.members.compactMap(\.first))
        let closed = items.openness == .open && !items.members.isEmpty
        return Shape(
            members: items.members.filter { !taken.contains($0.name) }.map { Shape.Member($0.name, .nothing) },
            openness: closed ? .closedByTarget : .open)
    }

    private mutating func readLocalized(_ members: ObjectReader) {
        self.ownLocale = members.optional("ownLocale").flatMap { Dialect.parameter($0, self.requests.parameters) }
        let known = self.shape.values?.members.map(\.name) ?? []
        if known.isEmpty { members.optional("ownLocale")?.refuse("only translations have a locale") }
        guard let place = members.optional("localized") else { return }
        members.optional("entryNames")?.refuse("\"localized\" says already where each member is")
        for (name, value) in place.entries {
            guard known.contains(name) else {
                value.refuse("\"\(name)\" is not a member of this field's entries: \(known.joined(separator: ", "))")
                continue
            }
            if let localized = self.localizedPlace(name, value) { self.localized.append(localized) }
        }
    }

    private func localizedPlace(_ member: String, _ place: Place) -> Dialect.LocalizedPlace? {
        if place.node?.kind == .object {
            return place.readObject { members in
                let container = members.required("vendor", expected: "a JSON Pointer to the list")?.pointer()
                let element = members.required("entry", expected: "a list's element with {locale} and {value}")
                    .flatMap { place in
                        let template = self.requests.template(place, for: .element)
                        if let template, !template.hasLocale || !template.hasValue {
                            place.refuse("\"{locale}\" and \"{value}\" must stand in it")
                        }
                        return template
                    }
                guard let container, !container.isEmpty, let element else { return nil }
                Dialect.checkTokens(container, place, self.requests.parameters)
                return Dialect.LocalizedPlace(member: member, container: container, element: element)
            }
        }
        guard let tokens = place.pointer() else { return nil }
        guard tokens.count > 1, tokens.last == "{locale}" else {
            place.refuse("expected a pointer that ends with the locale, such as \"/\(member)/{locale}\"")
            return nil
        }
        Dialect.checkTokens(Array(tokens.dropLast()), place, self.requests.parameters)
        return Dialect.LocalizedPlace(member: member, container: Array(tokens.dropLast()), element: nil)
    }
}
