/// A caller's name for a piece of work, from `Idempotency-Key`.
///
/// A string of structured fields (RFC 9651 section 3.3.3), as draft-ietf-httpapi-idempotency-key-header-07 asks, or the
/// same characters without quotes, as most who send keys write them. Both forms of a text are the same key.
enum IdempotencyKey: Equatable {
    case key([UInt8])
    /// None that can be told from another one for sure.
    case malformed

    /// As long as the keys that others take; an UUID has 36 characters.
    static let lengthMax = 255

    init(_ value: UnsafeBufferPointer<UInt8>) {
        let bytes = value.first == UInt8(ascii: "\"") ? Self.quoted(value) : Self.bare(value)
        guard let bytes, (1...Self.lengthMax).contains(bytes.count) else {
            self = .malformed
            return
        }
        self = .key(bytes)
    }

    private static func bare(_ value: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard value.count <= self.lengthMax, value.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x22 }) else {
            return nil
        }
        return Array(value)
    }

    /// Within quotes there may be spaces, and a backslash before a quote or a backslash. Parameters have no meaning
    /// here, and what has none is refused.
    private static func quoted(_ value: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        // Each character may have a backslash before it.
        guard value.count <= 2 * self.lengthMax + 2 else { return nil }
        var bytes: [UInt8] = []
        var isEscaped = false
        for (position, byte) in value.enumerated().dropFirst() {
            guard (0x20...0x7E).contains(byte) else { return nil }
            if isEscaped {
                guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { return nil }
                bytes.append(byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                return position == value.count - 1 ? bytes : nil
            } else {
                bytes.append(byte)
            }
        }
        return nil
    }
}
