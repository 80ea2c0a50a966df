/// How one delivery proves itself to its vendor: which token it has used, and whether it has asked for another.
///
/// Decides only; asking the vendor is `TokenRenewal`'s.
struct Authorisation {
    private let credentials: Credentials
    /// Of the token that the last attempt used.
    private var generation: UInt64 = 0
    private var hasRenewed = false

    init(_ credentials: Credentials) {
        self.credentials = credentials
    }

    enum Decision {
        /// The value of `authorization`; nil where the vendor wants none.
        case use([UInt8]?)
        /// Somebody asks for a token; the reply tells.
        case wait
        case fail(TokenFailure)
    }

    /// - Parameters:
    ///   - reply: makes what carries the token back; called where the decision is `.wait`.
    ///   - renew: has the token endpoint asked; called where this delivery is the one to ask.
    mutating func acquire(
        now: UInt64, reply: () -> LoopReply<OAuth2TokenSource.Outcome>, renew: (OAuth2TokenSource) -> Void
    ) -> Decision {
        switch self.credentials {
        case .none: return .use(nil)
        case .bearer(let authorization): return .use(authorization)
        case .oauth2(let source):
            let decision = source.acquire(now: now) {
                let reply = reply()
                return { reply.send($0) }
            }
            switch decision {
            case .use(let token):
                return .use(self.use(token))
            case .useAndRenew(let token):
                renew(source)
                return .use(self.use(token))
            case .renew:
                renew(source)
                return .wait
            case .wait:
                return .wait
            case .fail(let failure):
                return .fail(failure)
            }
        }
    }

    /// Notes which token is used; the result is the value of `authorization`.
    mutating func use(_ token: OAuth2TokenSource.Token) -> [UInt8] {
        self.generation = token.generation
        return token.authorization
    }

    /// Whether a refused token may have been revoked before its time, so that a new one is worth a try: once.
    var mayRenew: Bool {
        guard !self.hasRenewed, case .oauth2 = self.credentials else { return false }
        return true
    }

    /// The vendor has refused the token of the last attempt.
    mutating func refused() {
        self.hasRenewed = true
        if case .oauth2(let source) = self.credentials { source.refused(generation: self.generation) }
    }
}
