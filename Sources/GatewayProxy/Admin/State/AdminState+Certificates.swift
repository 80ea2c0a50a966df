import GatewayTLS

extension AdminState {
    /// The certificates that the gateway presents: its own to callers, and client certificates to targets.
    static func certificates(listener: TLSContext?, targets: [Target]) -> [Certificate] {
        var certificates: [Certificate] = []
        if let notAfter = listener?.notAfterEpochSeconds {
            certificates.append(Certificate(target: nil, notAfterEpochSeconds: notAfter))
        }
        for target in targets {
            guard let notAfter = target.endpoint.tls?.notAfterEpochSeconds else { continue }
            certificates.append(Certificate(target: target.name, notAfterEpochSeconds: notAfter))
        }
        return certificates
    }
}
