extension Dialect.Field {
    /// Tokens, relative to the object of the fields, of every place that the field is written to.
    var writtenPlaces: [[String]] {
        (self.vendor.isEmpty ? [] : [self.vendor]) + self.localized.map(\.container)
    }

    /// Whether it is written into a list that other fields may be written into, too.
    var isInList: Bool { self.entry != nil || self.entries?.hasKey == true }

    /// The parameters without which it cannot be written: not those that only give a default, or the only value.
    package var neededParameters: [String] {
        [self.ownLocale].compactMap { $0 } + self.localized.flatMap { $0.element?.parameters ?? [] }
            + self.vendor.flatMap { Dialect.parameters(inToken: $0) }
            + self.localized.flatMap { $0.container.flatMap { Dialect.parameters(inToken: $0) } }
    }

    /// Those without which this one field cannot be sent.
    var ownParameters: [String] {
        (self.entry?.parameters ?? []) + (self.entries?.parameters ?? [])
            + (self.fixedParameter.map { [$0] } ?? [])
    }

    private var fixedParameter: String? {
        if case .parameter(let name) = self.fixed { name } else { nil }
    }
}

extension Dialect {
    /// The parameter that stands for a token of a vendor's pointer: `/name/{parameter:locale}`.
    static func parameter(ofToken token: String) -> String? {
        guard token.hasPrefix("{parameter:"), token.hasSuffix("}"), token.count > 12 else { return nil }
        return String(token.dropFirst(11).dropLast())
    }

    static func parameters(inToken token: String) -> [String] { self.parameter(ofToken: token).map { [$0] } ?? [] }
}
