/// A text with holes: `gid://shopify/Product/{id}`, `"{read:header:etag}"`, `/v2/products/{id}`.
package struct TextTemplate: Sendable, Equatable {
    /// How an id is written.
    package enum IDForm: Sendable, Equatable {
        case plain
        /// With each `'` doubled, as OData's literals want it (OData 4.01, URL conventions, section 4.3).
        case odata
        /// As a JSON number; an id that is none cannot be sent.
        case number
    }

    package enum Part: Sendable, Equatable {
        case text(String)
        case id(IDForm)
        case parameter(String)
        /// The locale of the translation that a request is for.
        case locale
        /// Both with each `'` doubled, for an OData literal.
        case odataParameter(String)
        case odataLocale
        case taken(Taken)
        /// What makes a repetition do nothing again at the vendor.
        case key
    }

    /// What can be wrong with a text.
    package enum ReadingError: Error, Equatable {
        case unknownHole(String)
    }

    package let written: String
    package let parts: [Part]

    /// Reads a text. What stands in braces and has no space in it is a hole; any other brace is a brace.
    package init(_ written: String) throws(ReadingError) {
        var parts: [Part] = []
        var literal = ""
        var rest = written[...]
        while let open = rest.firstIndex(of: "{") {
            literal += rest[..<open]
            rest = rest[open...]
            guard let close = rest.firstIndex(of: "}"), let name = Self.name(rest[rest.index(after: open)..<close])
            else {
                literal.append("{")
                rest = rest.dropFirst()
                continue
            }
            guard let part = Self.part(name) else { throw .unknownHole(name) }
            if !literal.isEmpty { parts.append(.text(literal)) }
            literal = ""
            parts.append(part)
            rest = rest[rest.index(after: close)...]
        }
        literal += rest
        if !literal.isEmpty { parts.append(.text(literal)) }
        self.written = written
        self.parts = parts
    }

    /// One part, as it is.
    init(_ part: Part, written: String) {
        self.written = written
        self.parts = [part]
    }

    package var parameters: [String] {
        self.parts.compactMap {
            switch $0 {
            case .parameter(let name), .odataParameter(let name): name
            default: nil
            }
        }
    }

    package var taken: [Taken] {
        self.parts.compactMap { if case .taken(let taken) = $0 { taken } else { nil } }
    }

    package var hasKey: Bool { self.parts.contains(.key) }
    /// Whether it is known as soon as a target's parameters are.
    package var isSettled: Bool { !self.hasID && !self.hasLocale && !self.hasKey && self.taken.isEmpty }
    package var hasID: Bool { self.parts.contains { if case .id = $0 { true } else { false } } }
    package var hasLocale: Bool { self.parts.contains(.locale) || self.parts.contains(.odataLocale) }

    /// The whole text, where it has no holes.
    package var constant: String? {
        if self.parts.isEmpty { return "" }
        guard self.parts.count == 1, case .text(let text) = self.parts[0] else { return nil }
        return text
    }

    /// What stands in braces, where it can be the name of a hole.
    private static func name(_ inside: Substring) -> String? {
        guard let first = inside.first, first.isLetter || first == "/" else { return nil }
        return inside.contains { $0 == " " || $0 == "\n" || $0 == "{" || $0 == "\"" } ? nil : String(inside)
    }

    static func part(_ name: String) -> Part? {
        switch name {
        case "id": return .id(.plain)
        case "id:odata": return .id(.odata)
        case "id:number": return .id(.number)
        case "locale": return .locale
        case "locale:odata": return .odataLocale
        case "idempotencyKey": return .key
        default:
            if name.hasPrefix("parameter:"), name.count > 10 {
                let rest = name.dropFirst(10)
                guard rest.hasSuffix(":odata"), rest.count > 6 else { return .parameter(String(rest)) }
                return .odataParameter(String(rest.dropLast(6)))
            }
            return Taken(name).map { .taken($0) }
        }
    }

    /// The holes that a text can have, for messages.
    static let holes =
        "{id}, {id:odata}, {id:number}, {parameter:NAME}, {parameter:NAME:odata}, {locale}, {locale:odata}, "
        + "{read:/POINTER}, {read:header:NAME}, "
        + "{read:cookies}, {answer:/POINTER}, {answer:header:NAME} and {idempotencyKey}"
}
