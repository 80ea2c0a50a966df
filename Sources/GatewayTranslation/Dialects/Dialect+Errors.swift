import GatewayJSON

extension Dialect {
    static func errors(_ place: DialectReader.Place?, _ reader: inout DialectReader) -> ErrorRules {
        let members =
            place.map {
                reader.object(
                    $0,
                    knowing: [
                        "items", "code", "title", "detail", "status", "requestId", "field", "missingIds", "messages",
                        "fieldBases", "codes", "statuses", "reasons", "details",
                    ])
            } ?? [:]
        return ErrorRules(
            items: self.places(members["items"], &reader),
            code: self.codePlaces(members["code"], &reader), title: self.places(members["title"], &reader),
            detail: self.places(members["detail"], &reader), status: self.places(members["status"], &reader),
            requestID: self.places(members["requestId"], &reader), field: self.places(members["field"], &reader),
            missingIDs: self.places(members["missingIds"], &reader),
            messages: self.messages(members["messages"], &reader),
            fieldBases: self.places(members["fieldBases"], &reader),
            codes: self.codes(members["codes"], &reader), statuses: self.statuses(members["statuses"], &reader),
            reasons: self.reasons(members["reasons"], &reader), details: self.details(members["details"], &reader))
    }

    /// Pointers, tried in order; one that occurs twice would never be reached.
    private static func places(
        _ place: DialectReader.Place?, _ reader: inout DialectReader
    ) -> [[String]] {
        var result: [[String]] = []
        for element in reader.elements(place) {
            guard let tokens = reader.pointer(element) else { continue }
            if result.contains(tokens) { reader.mistake(element, "unreachable: the same place was tried before") }
            result.append(tokens)
        }
        return result
    }

    private static func codePlaces(
        _ place: DialectReader.Place?, _ reader: inout DialectReader
    ) -> [ErrorRules.CodePlace] {
        reader.elements(place).compactMap { element in
            guard element.node.kind == .object else {
                return reader.pointer(element).map { .init(tokens: $0, isFragment: false) }
            }
            let members = reader.object(element, knowing: ["fragmentOf"])
            guard let tokens = reader.pointer(members["fragmentOf"]) else {
                reader.expected("a pointer, or {\"fragmentOf\": pointer}", at: element)
                return nil
            }
            return .init(tokens: tokens, isFragment: true)
        }
    }

    private static func messages(
        _ place: DialectReader.Place?, _ reader: inout DialectReader
    ) -> [MessageTemplate] {
        var result: [MessageTemplate] = []
        for element in reader.elements(place) {
            guard let written = reader.string(element) else { continue }
            guard let template = MessageTemplate(written) else {
                reader.expected(
                    "text with one {field}, at most one {text}, any {*}, and text between them", at: element)
                continue
            }
            if result.contains(where: { $0.covers(template) }) {
                reader.mistake(element, "unreachable: an earlier template matches all that this one does")
            }
            result.append(template)
        }
        return result
    }

    private static func codes(
        _ place: DialectReader.Place?, _ reader: inout DialectReader
    ) -> [(vendor: String, code: ProblemCode)] {
        reader.entries(place).compactMap { vendor, value in
            reader.choice(value, ProblemCode.self).map { (vendor, $0) }
        }
    }

    private static func statuses(
        _ place: DialectReader.Place?, _ reader: inout DialectReader
    ) -> [ErrorRules.StatusRule] {
        reader.entries(place).compactMap { name, value in
            guard let status = Int(name), (300...599).contains(status) else {
                reader.mistake(value, "\"\(name)\" is not an HTTP status from 300 to 599")
                return nil
            }
            let members = reader.object(value, knowing: ["code", "outcome"])
            guard let code = reader.choice(members["code"], ProblemCode.self) else {
                if members["code"] == nil { reader.mistake(value, "the member \"code\" is missing") }
                return nil
            }
            guard let outcome = members["outcome"] else { return .init(status: status, code: code, leavesOpen: false) }
            switch outcome.node.string {
            case "rejected" where !OutcomeRule.isRefusal(status):
                reader.mistake(outcome, "a status of \(status) never tells that nothing was changed")
                return nil
            case "rejected": return .init(status: status, code: code, leavesOpen: false)
            case "unknown": return .init(status: status, code: code, leavesOpen: true)
            default:
                reader.expected("\"rejected\" or \"unknown\"", at: outcome)
                return nil
            }
        }
    }

    private static func reasons(
        _ place: DialectReader.Place?, _ reader: inout DialectReader
    ) -> [(contains: String, code: FieldErrorCode)] {
        var result: [(contains: String, code: FieldErrorCode)] = []
        for (words, value) in reader.entries(place) {
            guard let code = reader.choice(value, FieldErrorCode.self) else { continue }
            let lowered = words.lowercased()
            if let earlier = result.first(where: { lowered.contains($0.contains) }) {
                reader.mistake(value, "unreachable: \"\(earlier.contains)\" comes first and is part of it")
            }
            result.append((lowered, code))
        }
        return result
    }

    private static func details(
        _ place: DialectReader.Place?, _ reader: inout DialectReader
    ) -> [(code: ProblemCode, template: String)] {
        var result: [(code: ProblemCode, template: String)] = []
        for (name, value) in reader.entries(place) {
            guard let code = ProblemCode(rawValue: name) else {
                reader.mistake(value, "\"\(name)\" is not a canonical code")
                continue
            }
            for element in value.node.kind == .array ? reader.elements(value) : [value] {
                if let template = reader.string(element) { result.append((code, template)) }
            }
        }
        return result
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
