/// Whose certificates a server's clients may show.
package struct CallerCertificates: Sendable {
    /// PEM text of the authorities; no others are trusted.
    package var authorities: [UInt8]
    /// Whether a client without a certificate gets no connection.
    package var areRequired: Bool
    /// PEM texts of revocation lists. With one, each authority in a chain needs a list that is current.
    package var revocationLists: [[UInt8]]

    package init(authorities: [UInt8], areRequired: Bool, revocationLists: [[UInt8]]) {
        self.authorities = authorities
        self.areRequired = areRequired
        self.revocationLists = revocationLists
    }

    /// What tells one from another.
    var parts: [[UInt8]] {
        [Array("callers".utf8), self.authorities, [self.areRequired ? 1 : 0]] + self.revocationLists
    }
}
