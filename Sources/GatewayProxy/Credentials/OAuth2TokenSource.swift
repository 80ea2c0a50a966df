import NIOCore
import Synchronization

/// A target's OAuth 2.0 token: kept once for all workers, renewed by one request at a time.
///
/// While a token is good, everybody uses it. Shortly before its end the first worker that asks is told to renew it and
/// all go on with the old one. With no good token, the first that asks renews and the others wait for the same result.
/// An endpoint that fails is left alone for a while (`TokenBackoff`), and whoever asks meanwhile is told its last
/// failure. Decides only: asking the vendor is `TokenRenewal`'s. Any thread; time and randomness are inputs.
final class OAuth2TokenSource: Sendable {
    /// A token, ready for `authorization`, and which one it is.
    struct Token: Sendable, Equatable {
        let authorization: [UInt8]
        /// Counts up with each renewal, so that a worker can say which token was refused.
        let generation: UInt64
        let issuedAt: UInt64
        let expiresAt: UInt64
        let renewAt: UInt64
    }

    /// What a worker has to do to get a token.
    enum Decision: Equatable {
        case use(Token)
        /// Use the token, and ask for the next one: nobody else does.
        case useAndRenew(Token)
        /// Ask for a token when the pause is over, and report with `renewed` or `renewalFailed`; `waiter` is told
        /// then, too.
        case renew(afterNanoseconds: UInt64)
        /// Somebody else is asking; `waiter` is told.
        case wait
        /// There is none: the endpoint has just failed and is not asked again before `retryAfterNanoseconds`, or too
        /// many wait already.
        case fail(TokenFailure, retryAfterNanoseconds: UInt64)
    }

    /// What becomes of a request whose token the vendor has refused.
    enum OnRefusal: Equatable {
        /// Acquire again: the token has been dropped, or there is another already.
        case tryAgain
        /// The vendor's answer is told. Its tokens are refused one after the other, and another would not help.
        case tell
    }

    typealias Outcome = Result<Token, TokenFailure>
    typealias Waiter = @Sendable (Outcome) -> Void

    private struct State {
        var token: Token?
        var isRenewing = false
        var waiters: [Waiter] = []
        /// How many of them wait in each worker's queue.
        var waitersByQueue: [ObjectIdentifier: Int] = [:]
        var generation: UInt64 = 0
        var failuresInARow = 0
        /// The last failure, and how long it is told instead of asking again.
        var failure: (cause: TokenFailure, until: UInt64)?
        /// Tokens refused since the last one that was ever accepted.
        var refusalsInARow = 0
        /// How old a token has to be before its refusal is worth another one.
        var refusedAgeMin: UInt64 = 0
        var renewsNotBefore: UInt64 = 0
    }

    let endpoint: UpstreamEndpoint
    let request: OAuth2TokenRequest
    private let state = Mutex(State())
    /// The newest token that the vendor has taken.
    private let acceptedGeneration = Atomic<UInt64>(0)

    /// A token that is good for less than this is renewed: the request that uses it may take a while to arrive.
    private let renewalMarginNanoseconds: UInt64

    init(
        endpoint: UpstreamEndpoint, request: OAuth2TokenRequest, renewalMarginNanoseconds: UInt64
    ) {
        self.endpoint = endpoint
        self.request = request
        self.renewalMarginNanoseconds = renewalMarginNanoseconds
    }

    /// - Parameters:
    ///   - queue: whose place a waiter takes: a worker's. As many may wait in each as may wait for a connection: each
    ///     holds its caller's update.
    ///   - makeWaiter: called if the decision is `.renew` or `.wait`; what it makes is told the result, on any thread.
    func acquire(now: UInt64, queue: ObjectIdentifier, makeWaiter: () -> Waiter) -> Decision {
        self.state.withLock { state in
            let mayRenew = !state.isRenewing && now >= state.failure?.until ?? 0
            if let token = state.token, now < token.expiresAt {
                guard now >= token.renewAt, mayRenew else { return .use(token) }
                state.isRenewing = true
                return .useAndRenew(token)
            }
            state.token = nil
            if !mayRenew, !state.isRenewing, let failure = state.failure {
                return .fail(failure.cause, retryAfterNanoseconds: failure.until - now)
            }
            guard state.waitersByQueue[queue, default: 0] < self.endpoint.queueMax else {
                return .fail(.unavailable(.queueFull), retryAfterNanoseconds: 0)
            }
            state.waitersByQueue[queue, default: 0] += 1
            state.waiters.append(makeWaiter())
            guard mayRenew else { return .wait }
            state.isRenewing = true
            let begins = max(now, state.renewsNotBefore)
            return .renew(afterNanoseconds: begins - now)
        }
    }

    /// The vendor has taken a token: one that it refuses later was good once.
    ///
    /// Asked of every exchange, so it takes no lock.
    func accepted(generation: UInt64) {
        guard self.acceptedGeneration.load(ordering: .relaxed) < generation else { return }
        self.acceptedGeneration.store(generation, ordering: .relaxed)
    }

    /// The vendor has refused a token before its time. Only that one is dropped: a newer one may be there already.
    ///
    /// The next one is asked for when this one is a second old: a vendor that revokes tokens as we use them (because it
    /// allows a client one at a time, and somebody else asks for them too) is not asked for one with each request. If
    /// token after token is refused and none was ever accepted, the last one stays in use, longer each time, and what
    /// the vendor says to it is told.
    func refused(generation: UInt64, now: UInt64, random: Double) -> OnRefusal {
        self.state.withLock { state in
            guard let token = state.token, token.generation == generation else { return .tryAgain }
            if self.acceptedGeneration.load(ordering: .relaxed) == generation { state.refusalsInARow = 0 }
            let age = now - min(now, token.issuedAt)
            guard state.refusalsInARow == 0 || age >= state.refusedAgeMin else { return .tell }
            state.refusalsInARow += 1
            state.refusedAgeMin = TokenBackoff.pause(after: state.refusalsInARow, random: random)
            state.renewsNotBefore = token.issuedAt + TokenBackoff.firstNanoseconds
            state.token = nil
            return .tryAgain
        }
    }

    /// Whether the endpoint has failed since its last token.
    var isFailing: Bool { self.state.withLock { $0.failuresInARow > 0 } }

    func renewed(accessToken: [UInt8], lifetimeSeconds: UInt64, now: UInt64) {
        let lifetime = min(lifetimeSeconds, Self.lifetimeSecondsMax) * 1_000_000_000
        // Short-lived tokens are renewed after nine tenths of their life.
        let margin = min(self.renewalMarginNanoseconds, lifetime / 10)
        let (token, waiters) = self.state.withLock { state in
            state.generation += 1
            let token = Token(
                authorization: Array("Bearer ".utf8) + accessToken,
                generation: state.generation,
                issuedAt: now,
                expiresAt: now + lifetime,
                renewAt: now + lifetime - margin)
            state.token = token
            state.failuresInARow = 0
            state.failure = nil
            return (token, Self.endRenewal(&state))
        }
        for waiter in waiters { waiter(.success(token)) }
    }

    /// The endpoint has failed, and is left alone for a while.
    ///
    /// - Parameter retryAfterNanoseconds: how long it wants to be left alone, where it says so.
    func renewalFailed(_ failure: TokenFailure, retryAfterNanoseconds: UInt64?, now: UInt64, random: Double) {
        let waiters = self.state.withLock { state in
            state.failuresInARow += 1
            let counted = state.failuresInARow - (failure.mayPassAtOnce ? 1 : 0)
            var pause = TokenBackoff.pause(after: counted, random: random)
            if let asked = retryAfterNanoseconds {
                pause = max(pause, TokenBackoff.pause(askedFor: asked, random: random))
            }
            state.failure = (failure, now + pause)
            return Self.endRenewal(&state)
        }
        for waiter in waiters { waiter(.failure(failure)) }
    }

    private static func endRenewal(_ state: inout State) -> [Waiter] {
        state.isRenewing = false
        let waiters = state.waiters
        state.waiters = []
        state.waitersByQueue.removeAll()
        return waiters
    }

    /// A year: a vendor's nonsense must not overflow our clock.
    private static let lifetimeSecondsMax: UInt64 = 365 * 24 * 3600
}
