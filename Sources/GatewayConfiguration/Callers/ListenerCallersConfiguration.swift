/// Whose certificates callers may show.
package struct ListenerCallersConfiguration: Sendable, Equatable {
    /// Path of a PEM file with the authorities that sign callers' certificates.
    package var authorities: String
    package var mode: CertificateMode
    /// Paths of PEM files with revocation lists.
    package var revocationLists: [String]
}

/// Whether a caller has to show a certificate.
package enum CertificateMode: String, Sendable, CaseIterable {
    case require, ask
}

extension ListenerCallersConfiguration: ConfigurationObject {
    init?(reading reader: KeyReader) {
        let authorities = reader.required(
            "authorities", .file(.certificate),
            "PEM file with the authorities that sign callers' certificates; no others are trusted for it.",
            examples: ["/etc/gateway/vendor-ca.pem"])
        self.mode = reader.value(
            "mode", .choice(CertificateMode.self), default: .ask,
            """
            `ask`: whoever shows no certificate may prove itself otherwise. `require`: whoever shows none gets no \
            connection. One that is not trusted ends the handshake in both.
            """,
            examples: ["require"])
        self.revocationLists = reader.value(
            "revocationLists", .revocationLists, default: [],
            """
            PEM files with revocation lists (CRLs). With one, each authority needs a list that is current: a \
            certificate whose authority has none, or an old one, is refused.
            """,
            examples: [["/etc/gateway/callers.crl"]])
        guard let authorities else { return nil }
        self.authorities = authorities
    }
}

extension ValueKind where Value == [String] {
    /// Paths of PEM files with revocation lists, made independent of the working folder.
    static var revocationLists: ValueKind {
        let expected = "a list of paths of PEM files"
        return ValueKind(
            typeName: "list of paths",
            schema: [
                .init("type", "array"), .init("items", ["type": "string", "minLength": 1]), .init("uniqueItems", true),
            ],
            expected: expected,
            read: { place, context in
                guard place.node?.kind == .array else {
                    place.refuse(expected: expected, .array)
                    return nil
                }
                return place.elements.compactMap { ValueKind<String>.file(.revocationList).read($0, context) }
            },
            render: { .array($0.map { .string($0) }) })
    }
}
