/// RFC 6901 pointers as text.
package enum JSONPointer {
    /// Escapes one reference token: `~` as `~0`, `/` as `~1` (RFC 6901 §3).
    package static func escape(_ token: some StringProtocol) -> String {
        guard token.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else {
            return String(token)
        }
        var escaped: [UInt8] = []
        for byte in token.utf8 {
            switch byte {
            case UInt8(ascii: "~"): escaped += [UInt8(ascii: "~"), UInt8(ascii: "0")]
            case UInt8(ascii: "/"): escaped += [UInt8(ascii: "~"), UInt8(ascii: "1")]
            default: escaped.append(byte)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    /// Resolves `~1` and `~0` in one reference token, in that order (RFC 6901 §4).
    package static func unescape(_ token: some StringProtocol) -> String {
        var plain: [UInt8] = []
        var bytes = Array(token.utf8)[...]
        while let byte = bytes.popFirst() {
            if byte == UInt8(ascii: "~"), bytes.first == UInt8(ascii: "1") {
                plain.append(UInt8(ascii: "/"))
                bytes.removeFirst()
            } else if byte == UInt8(ascii: "~"), bytes.first == UInt8(ascii: "0") {
                plain.append(UInt8(ascii: "~"))
                bytes.removeFirst()
            } else {
                plain.append(byte)
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }

    /// The decoded tokens of a pointer; nil where it does not start with a slash. `""` has none.
    package static func tokens(_ pointer: String) -> [String]? {
        if pointer.isEmpty { return [] }
        guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
        // By bytes: a slash with a combining mark behind it is a slash.
        return Array(pointer.utf8).dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { self.unescape(String(decoding: $0, as: UTF8.self)) }
    }
}
