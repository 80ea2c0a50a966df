/// Which texts are public keys on an Edwards curve that can have signed anything.
///
/// The library takes more: points that are written in more than one way, and the few whose small multiples are nothing.
/// With such a key anybody makes signatures that hold for every message, so that a set that has one vouches for all.
enum EdwardsPoint {
    /// Whether a text is a point in its only spelling (RFC 8032 sections 5.1.3 and 5.2.3), and of large order. Says
    /// nothing of whether it is on the curve: that shows with the first signature.
    ///
    /// - Parameter text: as long as keys of that shape are.
    static func isUsable(_ text: [UInt8], _ shape: KeyShape) -> Bool {
        guard text.count == shape.coordinateBytes, let last = text.last else { return false }
        // Little-endian; the highest bit is the sign of the other coordinate.
        let y = text.dropLast() + [last & 0x7F]
        let (prime, smallOrders) =
            shape == .ed25519 ? (self.prime25519, self.small25519) : (self.prime448, self.small448)
        return Self.isLess(y, prime) && !smallOrders.contains { y.elementsEqual($0) }
    }

    private static func isLess(_ one: some Collection<UInt8>, _ other: [UInt8]) -> Bool {
        Array(one).reversed().lexicographicallyPrecedes(other.reversed())
    }

    /// 2^255 - 19.
    private static let prime25519: [UInt8] = [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
    /// 2^448 - 2^224 - 1, in 57 bytes, of which the last has the sign only.
    private static let prime448: [UInt8] =
        [UInt8](repeating: 0xFF, count: 28) + [0xFE] + [UInt8](repeating: 0xFF, count: 27) + [0]

    /// The second coordinates of the points of order 1, 2, 4 and 8.
    private static let small25519: [[UInt8]] = [
        [UInt8](repeating: 0, count: 32), [1] + [UInt8](repeating: 0, count: 31),
        [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
        [
            0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
            0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
        ],
        [
            0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F,
            0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
        ],
    ]
    /// Of order 1, 2 and 4.
    private static let small448: [[UInt8]] = [
        [UInt8](repeating: 0, count: 57), [1] + [UInt8](repeating: 0, count: 56),
        [0xFE] + [UInt8](repeating: 0xFF, count: 27) + [0xFE] + [UInt8](repeating: 0xFF, count: 27) + [0],
    ]
}
