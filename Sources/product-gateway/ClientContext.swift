import ArgumentParser
import GatewayTLS

/// What a command that asks a gateway over TLS trusts and shows: files that its options or variables name.
enum ClientContext {
    /// Reads the files; nil for the system's authorities, and for no client certificate.
    static func make(
        authorities: String?, certificate: String?, privateKey: String?, applicationProtocol: String
    ) throws -> TLSContext {
        guard (certificate == nil) == (privateKey == nil) else {
            throw ValidationError("a client certificate and its private key go together")
        }
        let trusted = try authorities.map { try InputDocument.read($0, what: "the authorities") }
        var identity: (certificateChain: [UInt8], privateKey: [UInt8])?
        if let certificate, let privateKey {
            identity = (
                try InputDocument.read(certificate, what: "the certificate"),
                try InputDocument.read(privateKey, what: "the private key")
            )
        }
        do throws(TLSError) {
            return try TLSContext.client(
                authorities: trusted, identity: identity, applicationProtocols: [applicationProtocol])
        } catch {
            let files = [authorities, certificate, privateKey].compactMap(\.self)
            throw ValidationError("\(files.isEmpty ? "TLS" : files.joined(separator: ", ")): \(error)")
        }
    }
}
