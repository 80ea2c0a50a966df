/// Which characters a text may contain. Not a regular expression: checked in one pass, whatever the text.
package enum CharacterRule: Sendable, Equatable {
    /// Only these, each an ASCII character; ranges already expanded.
    case only([UInt8], written: String)
    /// Any but these, each an ASCII character.
    case without([UInt8], written: String)

    /// Reads `A-Za-z0-9._-`: ASCII characters and ranges; a hyphen at the very end is itself. Nil on anything else.
    package static func only(_ written: String) -> CharacterRule? {
        self.expand(written).map { .only($0, written: written) }
    }

    /// Reads the same notation for what must not occur.
    package static func without(_ written: String) -> CharacterRule? {
        self.expand(written).map { .without($0, written: written) }
    }

    private static func expand(_ written: String) -> [UInt8]? {
        let bytes = Array(written.utf8)
        guard !bytes.isEmpty, bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return nil }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "-") {
                guard bytes[index] <= bytes[index + 2] else { return nil }
                result += bytes[index]...bytes[index + 2]
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    /// For each byte value, 1 where it is allowed.
    package var allowedBytes: [UInt8] {
        let isAllowed: (UInt8) -> Bool =
            switch self {
            case .only(let bytes, _): { bytes.contains($0) }
            case .without(let bytes, _): { !bytes.contains($0) }
            }
        return (UInt8.min...UInt8.max).map { isAllowed($0) ? 1 : 0 }
    }

    /// The rule for a person.
    package var sentence: String {
        switch self {
        case .only(_, let written): "expected only characters of \(written)"
        case .without(let bytes, _): "expected no " + bytes.map(Self.name(of:)).joined(separator: ", no ")
        }
    }

    /// The rule as an ECMA-262 pattern, for JSON Schema.
    package var schemaPattern: String {
        switch self {
        case .only(_, let written): "^[\(Self.classEscaped(written))]*$"
        case .without(_, let written): "^[^\(Self.classEscaped(written))]*$"
        }
    }

    private static func name(of byte: UInt8) -> String {
        switch byte {
        case 0x20: "space"
        case UInt8(ascii: ","): "comma"
        default: "\"" + String(UnicodeScalar(byte)) + "\""
        }
    }

    private static func classEscaped(_ written: String) -> String {
        written.map { "\\]^[/".contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
