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
    /// The proof as members of a line of the audit, each behind a comma: written once, and not for every change.
    let proofMembers: [UInt8]

    init(_ caller: Caller, by proof: Proof, endsAtEpochSeconds: Int? = nil) {
        self.caller = caller
        self.proof = proof
        self.endsAtEpochSeconds = endsAtEpochSeconds
        self.proofMembers = proof.members
    }
}

extension Identity.Proof {
    /// As members of an object, each behind a comma.
    fileprivate var members: [UInt8] {
        var members: [UInt8] = []
        switch self {
        case .certificate(let digest):
            members.append(literal: ",\"proof\":\"certificate\",\"certificate\":")
            members.append(quoting: digest.hexadecimal)
        case .key(let digest):
            // As much as tells it from the caller's other key.
            members.append(literal: ",\"proof\":\"key\",\"key\":")
            members.append(quoting: String(digest.hexadecimal.prefix(16)))
        case .token(let issuer, let keyID):
            members.append(literal: ",\"proof\":\"token\",\"issuer\":")
            members.append(quoting: issuer)
            if let keyID {
                members.append(literal: ",\"kid\":")
                members.append(quoting: Digest.abridged(keyID.bytes))
            }
        }
        return members
    }
}
