/// Makes UUIDs that are the same after every reset, so that a test can name a product before it exists.
struct SeededIdentifiers: Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        self.state = seed
    }

    /// A version 4 UUID in lower case (RFC 9562 section 5.4).
    mutating func uuid() -> String {
        let high = (self.next() & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000
        let low = (self.next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
        let digits = Array(SeededIdentifiers.hex(high) + SeededIdentifiers.hex(low))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }

    /// SplitMix64 (Steele, Lea, Flood 2014): good enough to tell products apart, small enough to read.
    private mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var z = self.state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
