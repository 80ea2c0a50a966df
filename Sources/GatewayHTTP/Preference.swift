/// One preference of a `Prefer` field (RFC 7240 section 2), in lower case. Its parameters are dropped.
package struct Preference: Equatable {
    package let name: String
    /// Empty where it has none.
    package let value: String

    package init(name: String, value: String = "") {
        self.name = name
        self.value = value
    }

    /// Those of a field's value, in their order.
    package static func list(_ value: UnsafeBufferPointer<UInt8>) -> [Preference] {
        String(decoding: value, as: UTF8.self).lowercased().split(separator: ",").compactMap { text in
            let words = text.filter { $0 != " " && $0 != "\t" && $0 != "\"" }
            guard let preference = words.split(separator: ";").first else { return nil }
            let pair = preference.split(separator: "=", maxSplits: 1)
            guard let name = pair.first else { return nil }
            return Preference(name: String(name), value: pair.count > 1 ? String(pair[1]) : "")
        }
    }
}
