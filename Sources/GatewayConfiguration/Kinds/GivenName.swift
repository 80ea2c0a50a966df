/// Names that the operator gives to targets, dialects, callers and issuers.
///
/// They stand in URLs (`?target=a,b`), in metric labels and in logs, so that commas, spaces and
/// control characters are out, and their number of bytes is bounded.
package enum GivenName {
    static let pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$"
    /// For documents.
    package static let words = "1 to 63 letters, digits, hyphens, underscores and dots, a letter or digit first"

    /// Whether a name can be given.
    package static func isValid(_ name: String) -> Bool {
        let bytes = name.utf8
        guard (1...63).contains(bytes.count), let first = bytes.first else { return false }
        return Self.isAlphanumeric(first)
            && bytes.allSatisfy { byte in
                Self.isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                    || byte == UInt8(ascii: ".")
            }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
