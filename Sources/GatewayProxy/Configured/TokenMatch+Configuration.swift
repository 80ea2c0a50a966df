package import GatewayConfiguration
package import GatewayIdentity
import GatewayJSON

extension TokenMatch {
    init(_ proof: TokenProof, of caller: Caller) {
        self.init(
            caller: caller, subject: proof.subject.map { ExactText($0) },
            clientID: proof.clientID.map { ExactText($0) },
            claims: proof.claims.sorted { $0.key < $1.key }.map { ($0.key, ExactText($0.value)) })
    }
}

extension Configuration {
    /// The names of the callers that a verified token is; a gateway takes it where it is one's alone.
    package func callers(of claims: TokenClaims, from issuer: IssuerConfiguration) -> [String] {
        self.callers.values.filter { caller in
            caller.identify.contains { proof in
                guard case .token(let proof) = proof, proof.issuer == issuer.name else { return false }
                return TokenMatch(proof, of: Caller(name: caller.name, index: 0)).agrees(with: claims)
            }
        }.map(\.name).sorted()
    }
}
