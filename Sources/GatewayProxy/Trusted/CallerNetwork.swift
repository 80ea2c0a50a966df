/// Whose addresses count as one where something is bounded by address: an IPv4 address by itself, an IPv6 address with
/// all others of its /64.
///
/// A host is given a /64 (RFC 4291 section 2.5.1, RFC 8981) and may speak from any of its addresses: taken one by one
/// they would be no bound at all. What cannot be read as an address counts as one, too.
struct CallerNetwork: Hashable, Sendable {
    private let bits: UInt64
    private let byteCount: Int

    /// The prefix by which translators write IPv4 addresses (RFC 6052 section 2.1): behind it stand the hosts of the
    /// whole internet.
    private static let translated: [UInt8] = [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]

    /// - Parameter address: as text, without brackets, zone or port.
    init(of address: String) {
        let bytes = NetworkAddress(address)?.bytes ?? []
        let network = bytes.starts(with: Self.translated) ? bytes[12...] : bytes.prefix(8)
        self.bits = network.reduce(0) { $0 << 8 | UInt64($1) }
        self.byteCount = network.count
    }
}
