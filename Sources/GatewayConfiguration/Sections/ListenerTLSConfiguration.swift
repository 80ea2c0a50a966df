/// The certificate that the gateway shows to callers.
package struct ListenerTLSConfiguration: Sendable, Equatable {
    /// Path of a PEM file: the certificate, then its intermediates.
    package var certificate: String
    /// Path of a PEM file: the certificate's private key, unencrypted.
    package var privateKey: String
    package var minimumVersion: TLSVersion
    /// Absent: callers are not asked for certificates.
    package var callers: ListenerCallersConfiguration?
}

extension ListenerTLSConfiguration: ConfigurationObject {
    init?(reading reader: KeyReader) {
        let certificate = reader.required(
            "certificate", .file(.certificate),
            "PEM file with the certificate, followed by its intermediate certificates.",
            examples: ["/etc/gateway/tls.crt"])
        let privateKey = reader.required(
            "privateKey", .file(.privateKey),
            "PEM file with the certificate's private key, without a passphrase.",
            examples: ["/etc/gateway/tls.key"])
        self.minimumVersion = reader.value(
            "minimumVersion", .choice(TLSVersion.self), default: .tls12,
            "The oldest TLS version a caller may use. RFC 9113 §9.2 forbids HTTP/2 below 1.2.",
            examples: ["1.2", "1.3"])

        self.callers = reader.optionalObject(
            "callers", ListenerCallersConfiguration.self, absent: "callers are not asked for certificates",
            "Whose certificates callers may show, and whether they have to.")

        guard let certificate, let privateKey else { return nil }
        self.certificate = certificate
        self.privateKey = privateKey
    }
}
