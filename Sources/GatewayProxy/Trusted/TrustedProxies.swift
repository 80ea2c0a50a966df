import GatewayIdentity

/// Whom the gateway believes what it says of its own callers, and which of it. Immutable, shared by all event loops.
struct TrustedProxies: Sendable {
    /// The field that says where a request comes from.
    enum AddressField: Sendable { case forwarded, xForwardedFor }

    struct Network: Sendable, Equatable {
        let address: NetworkAddress
        let prefixLength: Int

        /// Reads `10.0.0.0/8`, or an address alone.
        init?(_ text: String) {
            let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard let address = parts.first.flatMap({ NetworkAddress($0) }) else { return nil }
            let longest = address.bytes.count * 8
            guard parts.count == 2 else {
                self.address = address
                self.prefixLength = longest
                return
            }
            guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(parts[1]),
                (0...longest).contains(length)
            else { return nil }
            self.address = address
            self.prefixLength = length
        }

        func contains(_ other: NetworkAddress) -> Bool {
            guard other.bytes.count == self.address.bytes.count else { return false }
            let whole = self.prefixLength / 8
            guard other.bytes[..<whole] == self.address.bytes[..<whole] else { return false }
            let rest = self.prefixLength % 8
            guard rest > 0 else { return true }
            return (other.bytes[whole] ^ self.address.bytes[whole]) >> UInt8(8 - rest) == 0
        }
    }

    let networks: [Network]
    /// Whether their connections begin with a PROXY header.
    let speakPROXY: Bool
    /// Nil where no field is believed.
    let addressField: AddressField?
    /// Whether `Client-Cert` is believed (RFC 9440).
    let tellCertificates: Bool

    func contain(_ address: NetworkAddress) -> Bool { self.networks.contains { $0.contains(address) } }

    func contain(_ text: String) -> Bool { NetworkAddress(text).map(self.contain) ?? false }

    /// Where a request comes from, as far as it is believed: the last address in the field that is none of the trusted
    /// ones. What stands before it anybody can have written.
    ///
    /// - Parameters:
    ///   - peer: where the connection comes from.
    ///   - value: the field's value, all lines of it.
    /// - Returns: nil where the peer is not trusted, or says nothing that is an address.
    func address(of peer: String, value: [UInt8]) -> String? {
        guard let field = self.addressField, self.contain(peer) else { return nil }
        let elements: [[UInt8]?] =
            switch field {
            case .forwarded: ForwardedField.sources(in: value) ?? []
            case .xForwardedFor: value.split(separator: UInt8(ascii: ",")).map { Array($0) }
            }
        var believed: NetworkAddress?
        for element in elements.reversed() {
            guard let element, let address = Self.address(String(decoding: element, as: UTF8.self)) else { break }
            believed = address
            if !self.contain(address) { break }
        }
        return believed?.text
    }

    /// An address as the fields have it: with blanks around it, and, as some proxies write it, a port behind it; one of
    /// IPv6 in brackets (RFC 7239 section 6). One that is hidden or unknown is none.
    private static func address(_ text: String) -> NetworkAddress? {
        let trimmed = text.trimmingBlanks
        if let address = NetworkAddress(trimmed) { return address }
        if trimmed.hasPrefix("["), let end = trimmed.firstIndex(of: "]") {
            return NetworkAddress(trimmed[trimmed.index(after: trimmed.startIndex)..<end])
        }
        let parts = trimmed.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 ? NetworkAddress(parts[0]) : nil
    }

    /// What a trusted proxy says of the certificate that it has been shown (RFC 9440 section 2.2): a Byte Sequence
    /// (RFC 9651 section 3.3.5).
    func certificate(of peer: String, _ said: ReceivedForwarding) -> ToldCertificate {
        guard self.tellCertificates, self.contain(peer) else { return .notTold }
        guard let value = said.certificate else { return .none }
        guard said.certificates == 1, value.count <= 2 * PeerCertificate.bytesMax, value.count > 2,
            value.first == UInt8(ascii: ":"), value.last == UInt8(ascii: ":"),
            let certificate = Base64.decode(value[1..<(value.count - 1)]).flatMap({ PeerCertificate(der: $0) })
        else { return .malformed }
        return .told(certificate)
    }
}

extension String {
    /// Without spaces and tabs at its ends.
    fileprivate var trimmingBlanks: String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var rest = self[...]
        while let first = rest.first, isBlank(first) { rest = rest.dropFirst() }
        while let last = rest.last, isBlank(last) { rest = rest.dropLast() }
        return String(rest)
    }
}
