import GatewayHTTP

extension ProductID {
    /// The longest id, in bytes. The longest documented one is a UUID; this leaves room for any scheme and keeps
    /// the path far below what servers accept.
    private static let bytesMax = 1024

    /// Why something cannot be the id of a product, to be put behind "The product id": `is empty`. Nil where it can.
    ///
    /// An id becomes one segment of a vendor's path, percent-encoded. What servers and what stands before them make of
    /// an encoded path is up to them: some decode it before they resolve its dot segments (RFC 3986 §5.2.4), some take
    /// `\` for `/` (WHATWG URL), some decode twice, and some take `..;x` for `..`. An id that leads out of its segment
    /// under any of these readings would reach another resource with the gateway's credentials.
    package static func mistake(in bytes: [UInt8]) -> String? {
        if bytes.isEmpty { return "is empty" }
        if bytes.count > self.bytesMax { return "is longer than \(self.bytesMax) bytes" }
        if self.hasControlCharacter(bytes) { return "contains a control character" }
        if String(validating: bytes, as: UTF8.self) == nil { return "is not valid UTF-8" }
        return self.hasDotStep(bytes) ? "has a step that is \".\" or \"..\"" : nil
    }

    /// The same for an id that is at hand as such. Nearly all are told to be good by what is known of them.
    var mistake: String? {
        if self.isUnreserved, self.bytes.count > 2, self.bytes.count <= Self.bytesMax { return nil }
        return Self.mistake(in: self.bytes)
    }

    /// Those of ASCII, and U+0080 to U+009F, which UTF-8 writes as C2 and the character itself.
    private static func hasControlCharacter(_ bytes: [UInt8]) -> Bool {
        bytes.contains { $0 < 0x20 || $0 == 0x7F }
            || zip(bytes, bytes.dropFirst()).contains { $0 == 0xC2 && (0x80...0x9F).contains($1) }
    }

    /// Whether a step between `/` or `\` is `.` or `..`, however often it is percent-encoded.
    private static func hasDotStep(_ bytes: [UInt8]) -> Bool {
        let steps = self.decoded(bytes).split(omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\")
        }
        return steps.contains { step in
            let name = step.prefix { $0 != UInt8(ascii: ";") }
            return (name.count == 1 || name.count == 2) && name.allSatisfy { $0 == UInt8(ascii: ".") }
        }
    }

    /// Without any percent-encoding: what decoding brings forth is decoded too. Linear.
    private static func decoded(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "%")) else { return bytes }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        for byte in bytes {
            decoded.append(byte)
            while decoded.count >= 3, decoded[decoded.count - 3] == UInt8(ascii: "%"),
                let high = HexDigits.value(of: decoded[decoded.count - 2]),
                let low = HexDigits.value(of: decoded[decoded.count - 1])
            {
                decoded.removeLast(3)
                decoded.append(high << 4 | low)
            }
        }
        return decoded
    }
}
