import GatewayJSON

/// Finds the canonical place of what a vendor calls a field: the inverse of the mapping table.
///
/// For error messages only. Exact names first; then without regard to case, `_` and `-`, because vendors
/// are not consistent in their own messages (`ShortDescription`, `client_id` and `clientId`).
struct FieldPlaces: Sendable {
    private struct Place: Sendable {
        let tokens: [String]
        let canonical: Int
        let entryNames: [(canonical: String, vendor: String)]
    }

    private let places: [Place]
    private let bases: [[String]]

    init(dialect: Dialect) {
        var places: [Place] = []
        for field in dialect.fields where !field.operations.isEmpty || field.isAnswered {
            places.append(
                Place(tokens: field.vendor, canonical: field.canonical, entryNames: field.entryNames))
            for alias in field.aliases {
                places.append(Place(tokens: [alias], canonical: field.canonical, entryNames: field.entryNames))
            }
        }
        // The longest path wins: /metadata/source before /metadata.
        self.places = places.sorted { $0.tokens.count > $1.tokens.count }
        self.bases = dialect.errors.fieldBases.sorted { $0.count > $1.count } + [[]]
    }

    /// The canonical name of a top-level vendor field, for "did you mean".
    func canonicalName(ofVendorField name: String) -> String? {
        self.places.first { $0.tokens == [name] }
            .map { String(CanonicalProduct.fields[$0.canonical].pointer.dropFirst()) }
    }

    /// The pointer into the caller's document, or nil where the name means nothing here.
    ///
    /// Reads `data.attributes.sku`, `/data/attributes/sku`, `$.tags[3]`, `ShortDescription`, `externalIds.operations`.
    func pointer(forVendorField written: String) -> String? {
        // Longer than any path in a product; nothing that long is worth searching for.
        guard written.utf8.count <= 512 else { return nil }
        let tokens = Self.tokens(written)[...]
        guard !tokens.isEmpty else { return nil }
        for isExact in [true, false] {
            for base in self.bases where Self.starts(tokens, with: base, isExact: isExact) {
                let rest = tokens.dropFirst(base.count)
                for place in self.places where Self.starts(rest, with: place.tokens, isExact: isExact) {
                    return Self.pointer(place, rest: rest.dropFirst(place.tokens.count))
                }
            }
        }
        return nil
    }

    private static func pointer(_ place: Place, rest: ArraySlice<String>) -> String {
        let pointer = CanonicalProduct.fields[place.canonical].pointer
        guard !rest.isEmpty else { return pointer }
        var tokens = Array(rest)
        if tokens.count == 2, let name = place.entryNames.first(where: { $0.vendor == tokens[1] }) {
            tokens[1] = name.canonical
        }
        return pointer + tokens.map { "/" + JSONPointer.escape($0) }.joined()
    }

    private static func starts(_ tokens: ArraySlice<String>, with prefix: [String], isExact: Bool) -> Bool {
        guard tokens.count >= prefix.count, !(prefix.isEmpty && tokens.isEmpty) else { return false }
        return zip(tokens, prefix).allSatisfy {
            isExact ? $0 == $1 : Suggestion.folded($0) == Suggestion.folded($1)
        }
    }

    private static func tokens(_ written: String) -> [String] {
        var written = written
        return written.withUTF8 { bytes in
            var tokens: [String] = []
            var start = bytes.first == UInt8(ascii: "$") ? 1 : 0
            if start < bytes.count, bytes[start] == UInt8(ascii: "#") { start += 1 }
            for index in start...max(start, bytes.count) {
                if index < bytes.count {
                    switch bytes[index] {
                    case UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "/"): break
                    default: continue
                    }
                }
                if index > start {
                    tokens.append(String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self))
                }
                start = index + 1
            }
            return tokens
        }
    }
}
