import GatewayDocuments
import GatewayJSON

extension ErrorRules {
    /// The member `errors` of a dialect; without it the rules for all vendors are all there are.
    init(reading place: Place?) {
        guard let place else {
            self.init(members: nil)
            return
        }
        self = place.readObject { Self(members: $0) }
    }

    private init(members: ObjectReader?) {
        func places(_ name: String) -> [[String]] { members?.optional(name).map(Self.places) ?? [] }
        self.init(
            items: places("items"), code: members?.optional("code").map(Self.codePlaces) ?? [],
            title: places("title"), detail: places("detail"), status: places("status"),
            requestID: places("requestId"), field: members?.optional("field").map(Self.fieldPlaces) ?? [],
            locale: places("locale"), missingIDs: places("missingIds"),
            messages: members?.optional("messages").map(Self.messages) ?? [], fieldBases: places("fieldBases"),
            separators: members?.optional("separators")?.texts() ?? [], parameters: places("parameters"),
            itemCodes: members?.optional("itemCodes").map(Self.itemCodes) ?? [],
            waits: members?.optional("waits").map(Self.waits) ?? [],
            codes: members?.optional("codes").map(Self.codes) ?? [],
            phrases: members?.optional("phrases").map(Self.phrases) ?? [],
            statuses: members?.optional("statuses").map(Self.statuses) ?? [],
            reasons: members?.optional("reasons").map(Self.reasons) ?? [],
            details: members?.optional("details").map(Self.details) ?? [])
    }

    /// Pointers, tried in order; one that occurs twice would never be reached.
    private static func places(_ place: Place) -> [[String]] {
        var result: [[String]] = []
        for element in place.elements {
            guard let tokens = element.pointer() else { continue }
            if result.contains(tokens) { element.refuse("unreachable: the same place was tried before") }
            result.append(tokens)
        }
        return result
    }

    private static func fieldPlaces(_ place: Place) -> [FieldPlace] {
        place.elements.compactMap { element in
            guard element.node?.kind == .object else { return element.pointer().map { .name($0) } }
            return element.readObject { members in
                members.requireExactlyOne(["path", "steps"])
                if let steps = members.optional("steps") {
                    let pointers = steps.pointers()
                    if pointers.isEmpty { steps.refuse("expected at least one pointer") }
                    return .steps(pointers)
                }
                return members.optional("path")?.pointer().map { .path($0) }
            }
        }
    }

    private static func itemCodes(_ place: Place) -> [ItemCodeRule] {
        place.entries.compactMap { vendor, value in
            guard value.node?.kind == .object else {
                return value.choice(FieldErrorCode.self).map { ItemCodeRule(vendor: vendor, reason: $0, field: nil) }
            }
            return value.readObject { members in
                let reason = members.optional("reason")?.choice(FieldErrorCode.self)
                let field = members.optional("field").flatMap(self.canonicalField)
                if members.node?.members.isEmpty == true { value.refuse("expected \"reason\", \"field\" or both") }
                return ItemCodeRule(vendor: vendor, reason: reason, field: field)
            }
        }
    }

    private static func canonicalField(_ place: Place) -> Int? {
        guard let pointer = place.text() else { return nil }
        let index = CanonicalProduct.index(of: pointer)
        if index == nil { place.refuse("\"\(pointer)\" is not a canonical pointer") }
        return index
    }

    private static func phrases(_ place: Place) -> [PhraseRule] {
        place.entries.compactMap { words, value in
            if words.isEmpty { value.refuse("expected words that stand in a text") }
            guard value.node?.kind == .object else {
                return value.choice(ProblemCode.self).map {
                    PhraseRule(contains: words.lowercased(), code: $0, field: nil, reason: nil)
                }
            }
            return value.readObject { members in
                PhraseRule(
                    contains: words.lowercased(), code: members.optional("code")?.choice(ProblemCode.self),
                    field: members.optional("field").flatMap(self.canonicalField),
                    reason: members.optional("reason")?.choice(FieldErrorCode.self))
            }
        }
    }

    private static func waits(_ place: Place) -> [Wait] {
        place.elements.compactMap { element in
            element.readObject { members in
                members.requireExactlyOne(["header", "at"])
                let unit = members.optional("unit")?.choice(Wait.Unit.self) ?? .seconds
                if let header = members.optional("header")?.text() {
                    return Wait(place: .header(header.lowercased()), unit: unit)
                }
                return members.optional("at")?.pointer().map { Wait(place: .pointer($0), unit: unit) }
            }
        }
    }

    private static func codePlaces(_ place: Place) -> [CodePlace] {
        place.elements.compactMap { element in
            guard element.node?.kind == .object else {
                return element.pointer().map { CodePlace(tokens: $0, isFragment: false) }
            }
            return element.readObject { members in
                members.required("fragmentOf", expected: "a pointer")?.pointer()
                    .map { CodePlace(tokens: $0, isFragment: true) }
            }
        }
    }

    private static func messages(_ place: Place) -> [MessageTemplate] {
        var result: [MessageTemplate] = []
        for element in place.elements {
            guard let template = element.node?.string.flatMap({ MessageTemplate($0) }) else {
                element.refuse(
                    expected: "text with one {field}, at most one {text}, any {*}, and text between them", .string)
                continue
            }
            if result.contains(where: { $0.covers(template) }) {
                element.refuse("unreachable: an earlier template matches all that this one does")
            }
            result.append(template)
        }
        return result
    }

    private static func codes(_ place: Place) -> [CodeRule] {
        place.entries.compactMap { vendor, value in
            guard value.node?.kind == .object else {
                return value.choice(ProblemCode.self).map { CodeRule(vendor: vendor, code: $0, field: nil) }
            }
            return value.readObject { members in
                let code = members.required("code", expected: "a canonical code")?.choice(ProblemCode.self)
                let field = members.optional("field").flatMap(self.canonicalField)
                return code.map { CodeRule(vendor: vendor, code: $0, field: field) }
            }
        }
    }

    private static func statuses(_ place: Place) -> [StatusRule] {
        place.entries.compactMap { name, value in
            guard let status = Int(name), (300...599).contains(status) else {
                value.refuse("\"\(name)\" is not an HTTP status from 300 to 599")
                return nil
            }
            return value.readObject { members in
                let code = members.required("code", expected: "a canonical code")?.choice(ProblemCode.self)
                let outcome = members.optional("outcome")
                let leavesOpen = outcome.map { self.leavesOpen($0, status: status) } ?? false
                let repeats = members.optional("repeat").map { self.repeats($0, status: status) } ?? false
                return code.map {
                    StatusRule(
                        status: status, code: $0, leavesOpen: leavesOpen,
                        isRefusal: status == 503 && outcome != nil && !leavesOpen, repeats: repeats)
                }
            }
        }
    }

    private static func leavesOpen(_ outcome: Place, status: Int) -> Bool {
        switch outcome.node?.string {
        case "rejected":
            if !OutcomeRule.isRefusal(status), status != 503 {
                outcome.refuse("a status of \(status) never tells that nothing was changed")
            }
            return false
        case "unknown":
            return true
        default:
            outcome.refuseChoice(of: ["rejected", "unknown"])
            return false
        }
    }

    private static func repeats(_ place: Place, status: Int) -> Bool {
        guard place.bool() == true else { return false }
        if ![500, 502, 503, 504].contains(status) {
            place.refuse("only 500, 502, 503 and 504 may be asked again; 429 always is")
        }
        return true
    }

    private static func reasons(_ place: Place) -> [(contains: String, code: FieldErrorCode)] {
        var result: [(contains: String, code: FieldErrorCode)] = []
        for (words, value) in place.entries {
            guard let code = value.choice(FieldErrorCode.self) else { continue }
            if words.isEmpty { value.refuse("expected words that stand in a text") }
            let lowered = words.lowercased()
            if let earlier = result.first(where: { lowered.contains($0.contains) }) {
                value.refuse("unreachable: \"\(earlier.contains)\" comes first and is part of it")
            }
            result.append((lowered, code))
        }
        return result
    }

    private static func details(_ place: Place) -> [(code: ProblemCode, template: String)] {
        var result: [(code: ProblemCode, template: String)] = []
        for (name, value) in place.entries {
            guard let code = ProblemCode(rawValue: name) else {
                let meant = Suggestion.closest(to: name, among: ProblemCode.allCases.map(\.rawValue))
                let hint = meant.map { "; did you mean \"\($0)\"?" } ?? ""
                value.refuse("\"\(name)\" is not a canonical code\(hint)")
                continue
            }
            for element in value.node?.kind == .array ? value.elements : [value] {
                guard let template = element.text() else { continue }
                self.checkHoles(of: template, element)
                result.append((code, template))
            }
        }
        return result
    }

    /// What a sentence can be filled with.
    private static func checkHoles(of template: String, _ place: Place) {
        for part in template.split(separator: "{", omittingEmptySubsequences: false).dropFirst() {
            let hole = part.prefix { $0 != "}" }
            if hole.count < part.count, hole != "id", !hole.hasPrefix("/") {
                place.refuse("{\(hole)} is no hole: there are {id} and pointers into what was sent, such as {/sku}")
            }
        }
    }
}

extension MessageTemplate {
    /// Whether everything that `other` matches is certainly matched by this one.
    func covers(_ other: MessageTemplate) -> Bool {
        if self.parts == other.parts { return true }
        // A template that starts with its field and then literally continues as the other does, with an open end.
        guard self.parts.count <= other.parts.count, self.parts.first == .field, other.parts.first == .field,
            case .literal(let own) = self.parts[safe: 1], case .literal(let theirs) = other.parts[safe: 1],
            theirs.starts(with: own), self.parts.count == 3, self.parts[2] == .text || self.parts[2] == .anything
        else { return false }
        return true
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? { self.indices.contains(index) ? self[index] : nil }
}
