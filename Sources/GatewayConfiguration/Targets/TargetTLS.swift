/// How a vendor's certificate is verified. Verification cannot be switched off.
package struct TargetTLS: Sendable, Hashable {
    /// Path of a PEM file with the trusted roots. Absent: the system's.
    package var caFile: String?
    /// The name that is sent (SNI) and verified. Absent: the host of the base URL.
    package var serverName: String?
    package var minimumVersion: TLSVersion
    /// Paths of PEM files; both or neither.
    package var clientCertificate: String?
    package var clientKey: String?
}

extension TargetTLS: DefaultedObject {
    init(reading reader: KeyReader) {
        self.caFile = reader.optional(
            "caFile", .file(.certificate), absent: "the system's roots",
            "PEM file with the root certificates to trust for this vendor, instead of the system's.",
            examples: ["/etc/gateway/vendor-ca.pem"])
        self.serverName = reader.optional(
            "serverName", .hostName, absent: "the host of `baseURL`",
            "The name sent in the TLS handshake (SNI) and verified against the certificate.",
            examples: ["api.vendor.example"])
        self.minimumVersion = reader.value(
            "minimumVersion", .choice(TLSVersion.self), default: .tls12,
            "The oldest TLS version that the vendor may choose.",
            examples: ["1.2", "1.3"])
        self.clientCertificate = reader.optional(
            "clientCertificate", .file(.certificate), absent: "no client certificate",
            "PEM file with a certificate that the gateway shows to the vendor; needs `clientKey`.",
            examples: ["/etc/gateway/client.crt"])
        self.clientKey = reader.optional(
            "clientKey", .file(.privateKey), absent: "no client certificate",
            "PEM file with the private key of `clientCertificate`, without a passphrase.",
            examples: ["/etc/gateway/client.key"])

        reader.requireTogether("clientCertificate", "clientKey")
    }
}
