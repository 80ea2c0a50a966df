import GatewayJSON

extension Shape.Types {
    /// One byte for each kind, in the order of their raw values.
    private static let bitsOfKinds: UInt64 = 0x0420_1010_0804_0201

    /// The raw value of the type that a kind is of.
    @inline(__always)
    static func bit(of kind: JSONKind) -> UInt8 {
        UInt8(truncatingIfNeeded: self.bitsOfKinds &>> (UInt64(kind.rawValue) &* 8))
    }
}
