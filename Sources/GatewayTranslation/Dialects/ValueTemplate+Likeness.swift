import GatewayJSON

extension ValueTemplate {
    /// Which names, where this form has a name or a locale, make an element of it one of another form, too; none where
    /// it is one whatever they are. Nil where it never is: a constant differs.
    ///
    /// What only one of the two has tells nothing: a vendor may fill it in. Recursive along the forms.
    ///
    /// - Parameter fill: what a text with parameters is.
    func names(likening other: ValueTemplate, _ fill: (TextTemplate) -> String) -> [String]? {
        switch (self, other) {
        case (.object(let own), .object(let theirs)):
            return Self.names(
                own.compactMap { member in
                    theirs.first { $0.name == member.name }.map { (member.value, $0.value) }
                }, fill)
        case (.array(let own), .array(let theirs)):
            return Self.names(Array(zip(own, theirs)), fill)
        case (.key, _), (.locale, _):
            guard let constant = other.constant(fill) else { return other.isFixed ? nil : [] }
            return (try? JSONDocument(parsing: constant))?.root.string.map { [$0] }
        default:
            guard self.isFixed, other.isFixed else { return [] }
            guard let constant = self.constant(fill), let otherConstant = other.constant(fill) else { return nil }
            return constant == otherConstant ? [] : nil
        }
    }

    private static func names(
        _ pairs: [(ValueTemplate, ValueTemplate)], _ fill: (TextTemplate) -> String
    ) -> [String]? {
        var names: [String] = []
        for (own, other) in pairs {
            guard let found = own.names(likening: other, fill) else { return nil }
            names += found
        }
        return names
    }

    /// Whether it is a scalar that does not depend on a value, or an object or a list.
    private var isFixed: Bool {
        switch self {
        case .constant, .text, .object, .array: true
        default: false
        }
    }

    /// As JSON, where it is a scalar that does not depend on a value.
    private func constant(_ fill: (TextTemplate) -> String) -> [UInt8]? {
        switch self {
        case .constant(let bytes): return bytes
        case .text(let text):
            var bytes: [UInt8] = []
            bytes.append(quoting: fill(text))
            return bytes
        default: return nil
        }
    }
}
