import GatewayConfiguration
import GatewayDocuments
import GatewayTLS

/// Reads the certificates, keys and authorities that a configuration names, and reports what is wrong with them: what
/// cannot be read, does not belong together, or is not good at this time.
///
/// Reads files; not for an event loop.
struct CertificateFiles {
    /// The configuration file, for messages.
    let file: String
    let inputs: ConfigurationInputs
    let diagnostics: Diagnostics

    /// Certificates and keys have some KiB, a system's bundle of authorities a few hundred.
    private static let bytesMax = 4 << 20
    /// Whoever renews certificates has done so before: cert-manager does at two thirds of ninety days.
    private static let noticeSeconds = 14 * 24 * 3600

    /// The content of a file; nil where there is none, which is reported.
    func read(_ path: String, at key: DocumentPath) -> [UInt8]? {
        switch self.inputs.readFile(path, Self.bytesMax) {
        case .success(let bytes):
            return bytes
        case .failure(let error):
            // What may come is a warning where a configuration is checked, which whoever has read the configuration
            // has given.
            if self.inputs.secrets != .reported || !error.isAbsence { self.report(.error, key, "\(path) \(error)") }
            return nil
        }
    }

    /// A certificate with its intermediates and its key; nil where one of them cannot be read.
    ///
    /// - Parameter verifier: who looks at the certificate, for messages.
    func identity(
        certificate: String, at certificateKey: DocumentPath, privateKey: String, at privateKeyKey: DocumentPath,
        verifier: String, expired severity: Diagnostic.Severity
    ) -> (certificateChain: [UInt8], privateKey: [UInt8])? {
        let chain = self.read(certificate, at: certificateKey)
        let key = self.read(privateKey, at: privateKeyKey)
        for (position, validity) in CertificateValidity.read(chain ?? []).enumerated() {
            // An intermediate that has ended can often be done without: there is another way to the authority.
            let objection = self.objection(to: validity)
            guard let objection else { continue }
            let consequence = objection.isUsable || position > 0 ? "" : ": \(verifier) refuses it"
            self.report(
                position == 0 && !objection.isUsable ? severity : .warning, certificateKey,
                "\(certificate): \(objection.sentence)\(consequence)")
        }
        guard let chain, let key else { return nil }
        return (chain, key)
    }

    /// The authorities to trust; nil where they cannot be read.
    func authorities(_ path: String, at key: DocumentPath) -> [UInt8]? {
        guard let text = self.read(path, at: key) else { return nil }
        let all = CertificateValidity.read(text)
        let objections = all.compactMap { self.objection(to: $0) }
        let unusable = objections.filter { !$0.isUsable }
        if let first = unusable.first {
            let count = all.count == 1 ? "" : "\(unusable.count) of \(all.count) authorities do not count now: "
            let consequence = unusable.count == all.count ? ": no certificate of this vendor is trusted" : ""
            self.report(.warning, key, "\(path): \(count)\(first.sentence)\(consequence)")
        } else if !all.isEmpty, objections.count == all.count, let last = objections.last {
            // Of several one that stays is enough.
            self.report(.warning, key, "\(path): \(last.sentence)")
        }
        return text
    }

    /// What is to be said of a certificate by its dates; nil where it is good, and for a while.
    private func objection(to validity: CertificateValidity) -> (isUsable: Bool, sentence: String)? {
        let now = self.inputs.epochSeconds()
        let (subject, first, last) = (
            validity.subject, validity.notBeforeEpochSeconds, validity.notAfterEpochSeconds
        )
        if now > last { return (false, "\(subject) has expired, on \(WallClock.date(last))") }
        if now < first { return (false, "\(subject) is not valid yet, only from \(WallClock.date(first)) on") }
        if last - now < Self.noticeSeconds { return (true, "\(subject) expires on \(WallClock.date(last))") }
        return nil
    }

    func report(_ severity: Diagnostic.Severity, _ path: DocumentPath, _ message: String) {
        self.diagnostics.report(Diagnostic(severity, file: self.file, path: path, message: message))
    }
}
