import GatewayDocuments

/// Balancers and proxies in front of the gateway: what they say of their own callers is believed.
package struct TrustedConfiguration: Sendable, Equatable {
    /// In CIDR notation.
    package var networks: [String]
    package var proxyProtocol: Bool
    package var addressFrom: AddressSource
    package var clientCertificates: Bool
}

/// The field that says where a request comes from.
package enum AddressSource: String, Sendable, CaseIterable {
    case connection
    case forwarded = "Forwarded"
    case xForwardedFor = "X-Forwarded-For"
}

extension TrustedConfiguration: ConfigurationObject {
    init?(reading reader: KeyReader) {
        let networks = reader.required(
            "networks", .networks,
            "The addresses of the balancers or proxies; what anybody else says is not believed.",
            examples: [["10.0.0.0/8", "fd00::/8"]])
        self.proxyProtocol = reader.value(
            "proxyProtocol", .boolean, default: false,
            """
            Whether connections from these networks begin with a PROXY header, version 1 or 2, which says where they \
            come from. One that does not is cut off.
            """,
            examples: [true])
        self.addressFrom = reader.value(
            "addressFrom", .choice(AddressSource.self), default: .connection,
            """
            What says where a request of theirs comes from: the connection, or the last address in the field \
            `Forwarded` (RFC 7239) or `X-Forwarded-For` that is not of these networks.
            """,
            examples: ["X-Forwarded-For"])
        self.clientCertificates = reader.value(
            "clientCertificates", .boolean, default: false,
            """
            Whether the certificate in `Client-Cert` (RFC 9440) counts as the caller's: the proxy has verified it. A \
            proxy that passes this field on from outside lets everybody in.
            """,
            examples: [true])
        guard let networks else { return nil }
        self.networks = networks
    }
}

extension ValueKind where Value == [String] {
    /// Networks in CIDR notation, and single addresses.
    static var networks: ValueKind {
        let expected = "a list of networks such as [\"10.0.0.0/8\"]"
        return ValueKind(
            typeName: "list of networks",
            schema: [
                .init("type", "array"), .init("minItems", 1), .init("uniqueItems", true),
                .init("items", ["type": "string", "pattern": "^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$"]),
            ],
            expected: expected,
            read: { place, _ in
                guard place.node?.kind == .array, !place.elements.isEmpty else {
                    place.refuse(expected: expected, .array)
                    return nil
                }
                var networks: [String] = []
                for element in place.elements {
                    guard let text = element.node?.string, Self.isNetwork(text) else {
                        element.refuse(expected: "a network such as \"10.0.0.0/8\"", .string)
                        continue
                    }
                    if networks.contains(text) {
                        element.refuse("\(element.found) stands in this list twice")
                    } else {
                        networks.append(text)
                    }
                }
                return networks.isEmpty ? nil : networks
            },
            render: { .array($0.map { .string($0) }) })
    }

    private static func isNetwork(_ text: String) -> Bool {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let isIPv4 = IPAddress.isIPv4(parts[0])
        guard isIPv4 || IPAddress.isIPv6(parts[0]) else { return false }
        guard parts.count == 2 else { return true }
        guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(parts[1]) else { return false }
        return (0...(isIPv4 ? 32 : 128)).contains(length)
    }
}
