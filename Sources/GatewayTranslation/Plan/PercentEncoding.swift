import GatewayJSON

/// Percent-encoding of one path segment (RFC 3986 §2.1, §3.3).
enum PercentEncoding {
    /// Encodes everything but unreserved characters, so that no byte can end the segment or the path.
    static func append(_ bytes: [UInt8], to output: inout [UInt8]) {
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

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }

    /// For each byte value, 1 where it is unreserved.
    private static let unreserved = FrozenBuffer<UInt8>((UInt8.min...UInt8.max).map { Self.isUnreserved($0) ? 1 : 0 })

    /// Whether nothing needs to be encoded.
    static func areUnreserved(_ bytes: [UInt8]) -> Bool {
        let unreserved = self.unreserved.base
        var areUnreserved: UInt8 = 1
        for byte in bytes { areUnreserved &= unreserved[Int(byte)] }
        return areUnreserved != 0
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
}
