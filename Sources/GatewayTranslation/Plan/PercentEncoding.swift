import GatewayJSON

/// Percent-encoding of one path segment (RFC 3986 §2.1, §3.3).
enum PercentEncoding {
    /// Encodes everything but unreserved characters, so that no byte can end the segment or the path.
    static func append(_ bytes: [UInt8], to output: inout [UInt8]) {
        // Most ids are UUIDs, numbers or slugs: nothing to encode.
        if bytes.allSatisfy(self.isUnreserved) {
            bytes.withUnsafeBufferPointer { output.append(bytes: $0) }
            return
        }
        for byte in bytes {
            if self.isUnreserved(byte) {
                output.append(byte)
            } else {
                output.append(UInt8(ascii: "%"))
                output.append(self.digit(byte >> 4))
                output.append(self.digit(byte & 15))
            }
        }
    }

    static func segment(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        self.append(bytes, to: &output)
        return output
    }

    /// One bit for each of the first 64 and the second 64 characters: `-.0-9` and `A-Z_a-z~`.
    private static let unreservedLow: UInt64 = 0x03FF_6000_0000_0000
    private static let unreservedHigh: UInt64 = 0x47FF_FFFE_87FF_FFFE

    @inline(__always)
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        let word = byte < 64 ? self.unreservedLow : self.unreservedHigh
        return byte < 128 && word >> UInt64(byte & 63) & 1 != 0
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
}
