import GatewayIdentity
import GatewayJSON

/// A caller, and what has proved that it is the one. Made once for each proof, and kept with it.
final class Identity: Sendable {
    /// What proves who somebody is, for the audit: never the proof itself.
    enum Proof: Sendable {
        case certificate(Digest)
        /// A key, by the digest that the configuration has of it.
        case key(Digest)
        case token(issuer: String, keyID: ExactText?)
    }

    let caller: Caller
    let proof: Proof
    /// Seconds since 1970: from then on it proves nothing. Nil where it has no end.
    let endsAtEpochSeconds: Int?

    init(_ caller: Caller, by proof: Proof, endsAtEpochSeconds: Int? = nil) {
        self.caller = caller
        self.proof = proof
        self.endsAtEpochSeconds = endsAtEpochSeconds
    }
}
