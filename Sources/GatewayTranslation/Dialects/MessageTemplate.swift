/// Finds a field's name in a vendor's message: `The {field} field {*}`, `{field}: {text}`.
///
/// Literal text and holes; `MessageTable` matches them.
package struct MessageTemplate: Sendable, Equatable {
    enum Part: Sendable, Equatable {
        case literal([UInt8])
        case field
        case text
        case anything
    }

    package let written: String
    let parts: [Part]

    /// Nil where there is not exactly one `{field}`, or two holes touch each other.
    package init?(_ written: String) {
        var parts: [Part] = []
        var rest = written[...]
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { parts.append(.literal(Array(rest[..<open].utf8))) }
            guard let close = rest[open...].firstIndex(of: "}") else { return nil }
            switch rest[rest.index(after: open)..<close] {
            case "field": parts.append(.field)
            case "text": parts.append(.text)
            case "*": parts.append(.anything)
            default: return nil
            }
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.literal(Array(rest.utf8))) }
        guard parts.filter({ $0 == .field }).count == 1, parts.filter({ $0 == .text }).count <= 1 else { return nil }
        for (one, next) in zip(parts, parts.dropFirst()) {
            if case .literal = one { continue }
            if case .literal = next { continue }
            return nil
        }
        self.written = written
        self.parts = parts
    }
}
