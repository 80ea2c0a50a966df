/// Percent-encoding of one path segment or query value (RFC 3986 sections 2.1 and 3.3).
package enum PercentEncoding {
    // MARK: Encoding

    /// Encodes everything but unreserved characters, so that no byte can end the segment or the path.
    package static func append(_ bytes: [UInt8], to output: inout [UInt8]) {
        for byte in bytes {
            if self.isUnreserved(byte) {
                output.append(byte)
            } else {
                output.append(UInt8(ascii: "%"))
                output.append(HexDigits.upperCaseDigit(byte >> 4))
                output.append(HexDigits.upperCaseDigit(byte))
            }
        }
    }

    package static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        self.append(bytes, to: &output)
        return output
    }

    /// Whether nothing needs to be encoded.
    package static func areUnreserved(_ bytes: [UInt8]) -> Bool {
        // Looks at all of them: nearly always all are, and without a way out of the loop the compiler takes sixteen at
        // a time.
        bytes.withUnsafeBufferPointer { bytes in
            var areUnreserved: UInt8 = 1
            for byte in bytes { areUnreserved &= self.unreservedBit(byte) }
            return areUnreserved != 0
        }
    }

    /// RFC 3986 section 2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool { self.unreservedBit(byte) != 0 }

    /// 1 or 0. Comparisons only, without a branch.
    @inline(__always)
    private static func unreservedBit(_ byte: UInt8) -> UInt8 {
        func bit(_ condition: Bool) -> UInt8 { condition ? 1 : 0 }
        let letterOrDigit = bit((byte | 0x20) &- UInt8(ascii: "a") < 26) | bit(byte &- UInt8(ascii: "0") < 10)
        let dashOrDot = bit(byte == UInt8(ascii: "-")) | bit(byte == UInt8(ascii: "."))
        let lineOrTilde = bit(byte == UInt8(ascii: "_")) | bit(byte == UInt8(ascii: "~"))
        return letterOrDigit | dashOrDot | lineOrTilde
    }

    // MARK: Decoding

    /// What is decoded although RFC 3986 does not allow it, or some readers would refuse it.
    package struct Leniency: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Control characters: the user of the text refuses them, and can say why.
        package static let controls = Leniency(rawValue: 1)
        /// Characters beyond ASCII that are not percent-encoded, in UTF-8.
        package static let unencoded = Leniency(rawValue: 2)
    }

    /// The bytes; `nil` for a bad escape, for what is not UTF-8, and for what is not taken.
    package static func decode(
        _ text: UnsafeBufferPointer<UInt8>, takes leniency: Leniency = .unencoded
    ) -> [UInt8]? {
        if self.isPlain(text) { return Array(text) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            var byte = text[index]
            if byte == UInt8(ascii: "%") {
                guard text.endIndex - index > 2, let high = HexDigits.value(of: text[index + 1]),
                    let low = HexDigits.value(of: text[index + 2])
                else { return nil }
                byte = high << 4 | low
                index += 2
            } else if byte >= 0x80, !leniency.contains(.unencoded) {
                return nil
            }
            guard leniency.contains(.controls) || (byte >= 0x20 && byte != 0x7F) else { return nil }
            decoded.append(byte)
            index += 1
        }
        guard decoded.allSatisfy({ $0 < 0x80 }) || String(validating: decoded, as: UTF8.self) != nil
        else { return nil }
        return decoded
    }

    /// Nothing to decode, nothing to refuse: nearly every id.
    private static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high = ones << 7
        var others: UInt64 = 0
        var position = 0
        let bytes = UnsafeRawBufferPointer(text)
        // Eight at a time: a byte that is too small has its highest bit in the difference and not in itself. Borrows
        // can only make a byte look like one that is to be decoded.
        while position + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            others |= word | (word &- ones &* 0x20)
            others |= (word ^ ones &* 0x7F) &- ones
            others |= (word ^ ones &* UInt64(UInt8(ascii: "%"))) &- ones
            position += 8
        }
        while position < bytes.count {
            let byte = bytes[position]
            if byte < 0x20 || byte >= 0x7F || byte == UInt8(ascii: "%") { return false }
            position += 1
        }
        return others & high == 0
    }
}
