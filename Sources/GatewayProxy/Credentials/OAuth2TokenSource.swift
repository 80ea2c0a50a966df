import NIOCore
import Synchronization

/// A target's OAuth 2.0 token: kept once for all workers, renewed by one request at a time.
///
/// While a token is good, everybody uses it. Shortly before its end the first worker that asks is told to renew it and
/// all go on with the old one. With no good token, the first that asks renews and the others wait for the same result.
/// Decides only: asking the vendor is `OAuth2TokenRequest`'s. Any thread; time is an input.
final class OAuth2TokenSource: Sendable {
    /// A token, ready for `authorization`, and which one it is.
    struct Token: Sendable, Equatable {
        let authorization: [UInt8]
        /// Counts up with each renewal, so that a worker can say which token was refused.
        let generation: UInt64
        let expiresAt: UInt64
        let renewAt: UInt64
    }

    /// What a worker has to do to get a token.
    enum Decision: Equatable {
        case use(Token)
        /// Use the token, and ask for the next one: nobody else does.
        case useAndRenew(Token)
        /// Ask for a token and report with `renewed` or `renewalFailed`; `waiter` is told then, too.
        case renew
        /// Somebody else is asking; `waiter` is told.
        case wait
        /// The vendor has just rejected our client: it is not asked again for a moment.
        case fail(TokenFailure)
    }

    typealias Outcome = Result<Token, TokenFailure>
    typealias Waiter = @Sendable (Outcome) -> Void

    private struct State {
        var token: Token?
        var isRenewing = false
        var waiters: [Waiter] = []
        var generation: UInt64 = 0
        var rejection: (failure: TokenFailure, until: UInt64)?
    }

    let endpoint: UpstreamEndpoint
    let request: OAuth2TokenRequest
    private let state = Mutex(State())

    /// A token that is good for less than this is renewed: the request that uses it may take a while to arrive.
    private let renewalMarginNanoseconds: UInt64

    init(
        endpoint: UpstreamEndpoint, request: OAuth2TokenRequest, renewalMarginNanoseconds: UInt64
    ) {
        self.endpoint = endpoint
        self.request = request
        self.renewalMarginNanoseconds = renewalMarginNanoseconds
    }

    /// - Parameter makeWaiter: called if the decision is `.renew` or `.wait`; what it makes is told the result, on any
    ///   thread.
    func acquire(now: UInt64, makeWaiter: () -> Waiter) -> Decision {
        self.state.withLock { state in
            if let token = state.token, now < token.expiresAt {
                guard now >= token.renewAt, !state.isRenewing else { return .use(token) }
                state.isRenewing = true
                return .useAndRenew(token)
            }
            state.token = nil
            if let rejection = state.rejection, now < rejection.until { return .fail(rejection.failure) }
            state.waiters.append(makeWaiter())
            guard !state.isRenewing else { return .wait }
            state.isRenewing = true
            return .renew
        }
    }

    /// The vendor has refused a token before its time. Only that one is dropped: a newer one may be there already.
    func refused(generation: UInt64) {
        self.state.withLock { state in
            if state.token?.generation == generation { state.token = nil }
        }
    }

    func renewed(accessToken: [UInt8], lifetimeSeconds: UInt64, now: UInt64) {
        let lifetime = min(lifetimeSeconds, Self.lifetimeSecondsMax) * 1_000_000_000
        // Short-lived tokens are renewed after nine tenths of their life.
        let margin = min(self.renewalMarginNanoseconds, lifetime / 10)
        let (token, waiters) = self.state.withLock { state in
            state.generation += 1
            let token = Token(
                authorization: Array("Bearer ".utf8) + accessToken,
                generation: state.generation,
                expiresAt: now + lifetime,
                renewAt: now + lifetime - margin)
            state.token = token
            return (token, Self.endRenewal(&state))
        }
        for waiter in waiters { waiter(.success(token)) }
    }

    func renewalFailed(_ failure: TokenFailure, now: UInt64) {
        let waiters = self.state.withLock { state in
            if case .rejected = failure {
                state.rejection = (failure, now + Self.rejectionNanoseconds)
            }
            return Self.endRenewal(&state)
        }
        for waiter in waiters { waiter(.failure(failure)) }
    }

    private static func endRenewal(_ state: inout State) -> [Waiter] {
        state.isRenewing = false
        let waiters = state.waiters
        state.waiters = []
        return waiters
    }

    /// Asking again for every request could get our client locked out; longer would only delay a corrected vendor.
    private static let rejectionNanoseconds: UInt64 = 1_000_000_000

    /// A year: a vendor's nonsense must not overflow our clock.
    private static let lifetimeSecondsMax: UInt64 = 365 * 24 * 3600
}

/// Why there is no token.
enum TokenFailure: Error, Equatable {
    /// The vendor does not know our client or its secret.
    case rejected(status: Int)
    /// The token endpoint could not be asked.
    case unavailable(AttemptFailure)
    /// The token endpoint has its own trouble.
    case vendorError(status: Int)
    /// The answer is no token (RFC 6749 section 5.1).
    case unintelligible(reason: String)
}
