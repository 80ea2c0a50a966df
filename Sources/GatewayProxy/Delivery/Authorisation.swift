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
        /// There is no token; the pause is how long its endpoint is left alone.
        case fail(TokenFailure, retryAfterNanoseconds: UInt64)
    }

    /// - Parameters:
    ///   - queue: the queue in which waiting takes a place.
    ///   - reply: makes what carries the token back; called where the decision is `.wait`.
    ///   - renew: has the token endpoint asked, after a pause; called where this delivery is the one to ask.
    mutating func acquire(
        now: UInt64, queue: ObjectIdentifier, reply: () -> LoopReply<OAuth2TokenSource.Outcome>,
        renew: (OAuth2TokenSource, _ pause: UInt64) -> Void
    ) -> Decision {
        switch self.credentials {
        case .none: return .use(nil)
        case .fixed(let authorization): return .use(authorization)
        case .header(_, let secret), .query(_, let secret): return .use(secret)
        case .oauth2(let source):
            let decision = source.acquire(now: now, queue: queue) {
                let reply = reply()
                return { reply.send($0) }
            }
            switch decision {
            case .use(let token):
                return .use(self.use(token))
            case .useAndRenew(let token):
                renew(source, 0)
                return .use(self.use(token))
            case .renew(let pause):
                renew(source, pause)
                return .wait
            case .wait:
                return .wait
            case .fail(let failure, let pause):
                return .fail(failure, retryAfterNanoseconds: pause)
            }
        }
    }

    /// Notes which token is used; the result is the value of `authorization`.
    mutating func use(_ token: OAuth2TokenSource.Token) -> [UInt8] {
        self.generation = token.generation
        return token.authorization
    }

    /// The vendor has answered the last attempt.
    ///
    /// - Returns: whether the token was refused and another is worth a try: once, because it may have been revoked
    ///   before its time.
    mutating func answered(status: Int, now: UInt64, random: inout some RandomNumberGenerator) -> Bool {
        guard case .oauth2(let source) = self.credentials else { return false }
        guard status == 401 else {
            source.accepted(generation: self.generation)
            return false
        }
        guard !self.hasRenewed else { return false }
        self.hasRenewed = true
        let refusal = source.refused(
            generation: self.generation, now: now, random: Double.random(in: 0..<1, using: &random))
        return refusal == .tryAgain
    }
}
