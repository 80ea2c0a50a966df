/// Finds a field's name in a vendor's message: `The {field} field {*}`, `{field}: {text}`.
///
/// Literal text and holes, matched left to right in one pass without going back: linear, whatever the message.
package struct MessageTemplate: Sendable, Equatable {
    enum Part: Sendable, Equatable {
        case literal([UInt8])
        case field
        case text
        case anything
    }

    package let written: String
    let parts: [Part]

    /// What a message says about which field.
    package struct Match: Sendable, Equatable {
        package let field: String
        /// The part of the message that `{text}` stands for; nil where the template has none.
        package let text: String?
    }

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

    /// Matches a whole message in UTF-8.
    package func match(_ bytes: [UInt8]) -> Match? {
        var position = 0
        var field: ArraySlice<UInt8>?
        var text: ArraySlice<UInt8>?
        for (index, part) in self.parts.enumerated() {
            if case .literal(let literal) = part {
                guard bytes[position...].starts(with: literal) else { return nil }
                position += literal.count
                continue
            }
            var end = bytes.count
            if index + 1 < self.parts.count, case .literal(let literal) = self.parts[index + 1] {
                let isLast = index + 2 == self.parts.count
                guard let found = Self.find(literal, in: bytes, from: position, atEnd: isLast) else { return nil }
                end = found
            }
            switch part {
            case .field: field = bytes[position..<end]
            case .text: text = bytes[position..<end]
            default: break
            }
            position = end
        }
        guard position == bytes.count, let field, Self.isFieldName(field) else { return nil }
        return Match(
            field: String(decoding: Self.unquoted(field), as: UTF8.self),
            text: text.map { String(decoding: $0, as: UTF8.self) })
    }

    private static func find(_ literal: [UInt8], in bytes: [UInt8], from start: Int, atEnd: Bool) -> Int? {
        guard bytes.count - start >= literal.count else { return nil }
        if atEnd {
            let place = bytes.count - literal.count
            return bytes[place...].elementsEqual(literal) ? place : nil
        }
        for place in start...(bytes.count - literal.count) where bytes[place] == literal[0] {
            if bytes[place..<(place + literal.count)].elementsEqual(literal) { return place }
        }
        return nil
    }

    /// A field's name is one word. 256 bytes are several times any name in the vendors' pages.
    private static func isFieldName(_ bytes: ArraySlice<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.count <= 256 && !bytes.contains { $0 <= 0x20 }
    }

    private static func unquoted(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let pairs: [(UInt8, UInt8)] = [
            (UInt8(ascii: "'"), UInt8(ascii: "'")), (UInt8(ascii: "\""), UInt8(ascii: "\"")),
            (UInt8(ascii: "`"), UInt8(ascii: "`")), (UInt8(ascii: "<"), UInt8(ascii: ">")),
            (UInt8(ascii: "["), UInt8(ascii: "]")),
        ]
        for pair in pairs where bytes.count > 2 && bytes.first == pair.0 && bytes.last == pair.1 {
            return bytes.dropFirst().dropLast()
        }
        return bytes
    }
}
