/// A key that makes a repetition of a request do nothing again at its vendor: 32 hexadecimal digits.
package struct VendorKey: Sendable, Equatable {
    private let value: UInt128

    /// A key that is known from elsewhere. Nil where these are no 32 hexadecimal digits.
    package init?(digits: String) {
        guard digits.utf8.count == 32, let value = UInt128(digits, radix: 16) else { return nil }
        self.value = value
    }

    /// A key of which nobody knows another one like it.
    package init(using generator: inout some RandomNumberGenerator) {
        self.value = UInt128(generator.next()) << 64 | UInt128(generator.next())
    }

    private init(value: UInt128) {
        self.value = value
    }

    /// The key of the same request over what was read before it: with another version in it, it is another request,
    /// which a vendor refuses under a key that it knows. FNV-1a of 128 bits
    /// (draft-eastlake-fnv, section 5): nobody has to be kept from guessing it.
    func over(_ read: [UInt8]) -> VendorKey {
        let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013B
        var hash: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
        for byte in read { hash = (hash ^ UInt128(byte)) &* prime }
        return VendorKey(value: self.value ^ hash)
    }

    var digits: [UInt8] {
        let digits = Array(String(self.value, radix: 16).utf8)
        return [UInt8](repeating: UInt8(ascii: "0"), count: 32 - digits.count) + digits
    }
}
