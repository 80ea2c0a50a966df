import GatewayDocuments

/// Which names a caller may not choose in one map, or which locales. Immutable.
///
/// A name can be another field's place: an element with it would be that field's element, a member that field's member.
/// Who may set the map may not therefore set that field, and two values for one place contradict each other. Vendors
/// compare such names without regard to case more often than they say, so that case makes no difference here.
struct KeyPlan: Sendable {
    /// As `folded` gives them, and what is to be told of each.
    private let refused: [[UInt8]: String]
    private let prefixes: [[UInt8]]
    private let lengthMax: Int?
    /// 256 entries, 1 where a byte is allowed; empty where all are.
    private let allowedBytes: [UInt8]
    private let sentence: String
    private let isLocale: Bool
    /// Whether the name becomes a part of a path: then it must not lead out of its place there.
    private let isInPath: Bool
    /// Whether the name becomes a part of a form's name, between brackets.
    private let isInForm: Bool

    /// Nil where every name may be chosen.
    init?(
        _ field: Dialect.Field, of operation: Dialect.Operation, in dialect: Dialect, _ options: ResolvedOptions
    ) {
        let isLocale = CanonicalProduct.fields[field.canonical].pointer == "/translations"
        var refused: [[UInt8]: String] = [:]
        for (name, owner) in ReservedNames.names(in: field, of: dialect, options) {
            refused[Self.folded(name, isLocale)] =
                isLocale
                ? "this is the locale of the product's own texts: give them as \(owner)"
                : "\(dialect.title) keeps \(owner) under this name: give it there"
        }
        if let parameter = field.ownLocale {
            refused[Self.folded(options.parameter(parameter), isLocale)] =
                "this is the locale of the product's own texts: give them as /name, /description"
        }
        for name in field.keys?.refused ?? [] {
            refused[Self.folded(name, isLocale)] = "\(dialect.title) takes this name for something else"
        }
        self.refused = refused
        self.prefixes = (field.keys?.refusedPrefixes ?? []).map { Self.folded($0, isLocale) }
        self.lengthMax = field.keys?.lengthMax
        self.allowedBytes = field.keys?.characters?.allowedBytes ?? []
        self.sentence = field.keys?.characters?.sentence ?? ""
        self.isLocale = isLocale
        self.isInPath =
            isLocale && operation.following.contains { $0.condition == .eachTranslation && $0.path.hasLocale }
        self.isInForm =
            operation.encoding == .form && CanonicalProduct.fields[field.canonical].shape.isMap
            && field.entries == nil && !field.vendor.isEmpty
        guard field.keys != nil || !refused.isEmpty || self.isInPath || self.isInForm else { return nil }
    }

    /// What is wrong with a name; nil where it may be chosen.
    func mistake(in name: [UInt8]) -> (code: FieldErrorCode, detail: String)? {
        let noun = self.isLocale ? "locale" : "name"
        if self.isInPath, let mistake = ProductID.mistake(in: name) {
            return (.notAllowed, "the \(noun) \(mistake), and it becomes a part of a path")
        }
        // Without a name, brackets mean the next element of a list; and brackets in a name are not told from others.
        if self.isInForm, name.isEmpty || name.contains(where: { $0 == 0x5B || $0 == 0x5D }) {
            return (.notAllowed, "the \(noun) stands in brackets: it cannot be empty, and has no [ or ] in it")
        }
        let folded = Self.folded(name, self.isLocale)
        if let detail = self.refused[folded] { return (.notAllowed, detail) }
        if let prefix = self.prefixes.first(where: { folded.starts(with: $0) }) {
            return (.notAllowed, "no \(noun) can begin with \"\(String(decoding: prefix, as: UTF8.self))\" here")
        }
        if !self.allowedBytes.isEmpty, name.contains(where: { self.allowedBytes[Int($0)] == 0 }) {
            return (.pattern, "\(self.sentence) in a \(noun)")
        }
        if let lengthMax, name.count > lengthMax, String(decoding: name, as: UTF8.self).unicodeScalars.count > lengthMax
        {
            return (.tooLong, "a \(noun) has at most \(lengthMax) characters here")
        }
        return nil
    }

    private static func folded(_ name: String, _ isLocale: Bool) -> [UInt8] { self.folded(Array(name.utf8), isLocale) }

    /// ASCII letters in lower case; in locales also `_` as `-`.
    private static func folded(_ name: [UInt8], _ isLocale: Bool) -> [UInt8] {
        name.map { byte in
            if (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) { return byte | 0x20 }
            return isLocale && byte == UInt8(ascii: "_") ? UInt8(ascii: "-") : byte
        }
    }
}
