import Synchronization
import Testing

@testable import GatewayProxy

@Suite("One token for everybody, renewed by one")
struct OAuth2TokenSourceTests {
    /// Keeps what a waiter was told.
    private final class Told: Sendable {
        private let outcomes = Mutex<[OAuth2TokenSource.Outcome]>([])
        var waiter: OAuth2TokenSource.Waiter {
            { outcome in self.outcomes.withLock { $0.append(outcome) } }
        }
        var all: [OAuth2TokenSource.Outcome] { self.outcomes.withLock { $0 } }
    }

    private static let second: UInt64 = 1_000_000_000
    private static let start: UInt64 = 5_000 * second

    private static func source(marginSeconds: UInt64 = 30, queueMax: Int = 10) -> OAuth2TokenSource {
        OAuth2TokenSource(
            endpoint: WorkerFixture.endpoint(queueMax: queueMax),
            request: OAuth2TokenRequest(
                style: .form, path: [], clientID: [], clientSecret: [], scope: nil),
            renewalMarginNanoseconds: marginSeconds * self.second)
    }

    private static func acquire(
        _ source: OAuth2TokenSource, at now: UInt64, _ told: Told = Told(), queue: Queue = Queue.first
    ) -> OAuth2TokenSource.Decision {
        source.acquire(now: now, queue: ObjectIdentifier(queue)) { told.waiter }
    }

    private final class Queue: Sendable {
        static let first = Queue()
        static let second = Queue()
    }

    /// The decision of one that asks for what comes next, and the token if it got one.
    private static func token(_ source: OAuth2TokenSource, at now: UInt64) throws -> OAuth2TokenSource.Token {
        guard case .use(let token) = self.acquire(source, at: now) else { throw NoToken() }
        return token
    }

    private struct NoToken: Error {}

    private static let atOnce = OAuth2TokenSource.Decision.renew(afterNanoseconds: 0)

    private static func authorization(_ decision: OAuth2TokenSource.Decision) -> String? {
        switch decision {
        case .use(let token), .useAndRenew(let token): String(decoding: token.authorization, as: UTF8.self)
        default: nil
        }
    }

    @Test("the first that asks renews, the others wait, and all are told the same token once")
    func firstToken() {
        let source = Self.source()
        let told = (0..<4).map { _ in Told() }
        #expect(Self.acquire(source, at: Self.start, told[0]) == Self.atOnce)
        for number in 1..<4 { #expect(Self.acquire(source, at: Self.start, told[number]) == .wait) }
        source.renewed(accessToken: Array("abc".utf8), lifetimeSeconds: 3_600, now: Self.start)
        for waiter in told {
            #expect(waiter.all.count == 1)
            guard case .success(let token) = waiter.all.first else {
                Issue.record("no token")
                continue
            }
            #expect(String(decoding: token.authorization, as: UTF8.self) == "Bearer abc")
        }
        #expect(Self.authorization(Self.acquire(source, at: Self.start + Self.second)) == "Bearer abc")
    }

    @Test("shortly before its end one is told to renew, and all go on with the old token meanwhile")
    func earlyRenewal() {
        let source = Self.source(marginSeconds: 30)
        _ = Self.acquire(source, at: Self.start)
        source.renewed(accessToken: Array("old".utf8), lifetimeSeconds: 3_600, now: Self.start)
        let justBefore = Self.start + 3_570 * Self.second - 1
        guard case .use = Self.acquire(source, at: justBefore) else {
            Issue.record("renewed too early")
            return
        }
        guard case .useAndRenew = Self.acquire(source, at: justBefore + 1) else {
            Issue.record("not renewed")
            return
        }
        guard case .use = Self.acquire(source, at: justBefore + 2) else {
            Issue.record("renewed twice")
            return
        }
        source.renewed(accessToken: Array("new".utf8), lifetimeSeconds: 3_600, now: justBefore + 3)
        #expect(Self.authorization(Self.acquire(source, at: justBefore + 4)) == "Bearer new")
    }

    @Test("a token that lives shortly is renewed after nine tenths of its life")
    func shortLife() {
        let source = Self.source(marginSeconds: 30)
        _ = Self.acquire(source, at: Self.start)
        source.renewed(accessToken: [1], lifetimeSeconds: 10, now: Self.start)
        guard case .use = Self.acquire(source, at: Self.start + 9 * Self.second - 1) else {
            Issue.record("renewed too early")
            return
        }
        guard case .useAndRenew = Self.acquire(source, at: Self.start + 9 * Self.second) else {
            Issue.record("not renewed")
            return
        }
    }

    @Test("an expired token is not used by anybody, even while it is being renewed")
    func expired() {
        let source = Self.source()
        _ = Self.acquire(source, at: Self.start)
        source.renewed(accessToken: [1], lifetimeSeconds: 60, now: Self.start)
        _ = Self.acquire(source, at: Self.start + 59 * Self.second)
        #expect(Self.acquire(source, at: Self.start + 60 * Self.second) == .wait)
    }

    @Test("a renewal that fails while the old token is good hurts nobody, and is tried again")
    func failedEarlyRenewal() {
        let source = Self.source()
        _ = Self.acquire(source, at: Self.start)
        source.renewed(accessToken: [1], lifetimeSeconds: 3_600, now: Self.start)
        let late = Self.start + 3_580 * Self.second
        guard case .useAndRenew = Self.acquire(source, at: late) else {
            Issue.record("not renewed")
            return
        }
        source.renewalFailed(.rejected(status: 401), retryAfterNanoseconds: nil, now: late, random: 0)
        guard case .use = Self.acquire(source, at: late + Self.second - 1) else {
            Issue.record("asked again at once")
            return
        }
        guard case .useAndRenew = Self.acquire(source, at: late + Self.second) else {
            Issue.record("not tried again")
            return
        }
    }

    @Test("a renewal that fails is told to all who wait")
    func failure() {
        let source = Self.source()
        let told = [Told(), Told()]
        _ = Self.acquire(source, at: Self.start, told[0])
        _ = Self.acquire(source, at: Self.start, told[1])
        source.renewalFailed(.unavailable(.timedOut), retryAfterNanoseconds: nil, now: Self.start, random: 0)
        for waiter in told {
            #expect(waiter.all.count == 1)
            guard case .failure(.unavailable(.timedOut)) = waiter.all.first else {
                Issue.record("\(waiter.all)")
                continue
            }
        }
    }

    static let failures: [(failure: TokenFailure, passesAtOnce: Bool)] = [
        (.rejected(status: 400), false), (.rejected(status: 401), false), (.rejected(status: 403), false),
        (.vendorError(status: 404), false), (.vendorError(status: 429), false),
        (.vendorError(status: 500), true), (.vendorError(status: 503), true),
        (.unintelligible(reason: "no JSON"), false),
        (.unavailable(.notConnected(reason: "refused")), true), (.unavailable(.notTrusted(reason: "expired")), false),
        (.unavailable(.refused), true), (.unavailable(.endedWithoutAnswer(reason: "closed")), true),
        (.unavailable(.answerCutShort(status: 200, reason: "closed")), true),
        (.unavailable(.timedOut), false), (.unavailable(.timedOutBeforeSending), false),
        (.unavailable(.queueFull), false), (.unavailable(.queueTimedOut), false),
        (.unavailable(.answerTooLarge(status: 200)), false),
        (.unavailable(.answerMalformed(status: 200, reason: "length")), false),
    ]

    @Test(
        "whatever fails, the endpoint is left alone for twice as long each time, and the last failure told meanwhile",
        arguments: Self.failures)
    func backoff(failure: TokenFailure, passesAtOnce: Bool) {
        let source = Self.source()
        var now = Self.start
        // One that may be over at once is asked about once more before.
        var pauses: [UInt64] = [1, 2, 4, 8, 16, 20, 20]
        if passesAtOnce { pauses.insert(0, at: 0) }
        for pause in pauses {
            #expect(Self.acquire(source, at: now) == Self.atOnce)
            source.renewalFailed(failure, retryAfterNanoseconds: nil, now: now, random: 0)
            let end = now + pause * Self.second
            if pause > 0 {
                #expect(
                    Self.acquire(source, at: now) == .fail(failure, retryAfterNanoseconds: pause * Self.second))
                #expect(Self.acquire(source, at: end - 1) == .fail(failure, retryAfterNanoseconds: 1))
            }
            now = end
        }
    }

    @Test("kinds of failures share one backoff, and a token ends it")
    func backoffEnds() {
        let source = Self.source()
        _ = Self.acquire(source, at: Self.start)
        source.renewalFailed(.rejected(status: 401), retryAfterNanoseconds: nil, now: Self.start, random: 0)
        var now = Self.start + Self.second
        #expect(Self.acquire(source, at: now) == Self.atOnce)
        let other = TokenFailure.unintelligible(reason: "no JSON")
        source.renewalFailed(other, retryAfterNanoseconds: nil, now: now, random: 0)
        #expect(Self.acquire(source, at: now) == .fail(other, retryAfterNanoseconds: 2 * Self.second))
        now += 2 * Self.second
        #expect(Self.acquire(source, at: now) == Self.atOnce)
        #expect(source.isFailing)
        source.renewed(accessToken: [1], lifetimeSeconds: 10, now: now)
        #expect(!source.isFailing)
        now += 20 * Self.second
        #expect(Self.acquire(source, at: now) == Self.atOnce)
        source.renewalFailed(other, retryAfterNanoseconds: nil, now: now, random: 0)
        #expect(Self.acquire(source, at: now) == .fail(other, retryAfterNanoseconds: Self.second))
    }

    @Test(
        "an endpoint that says how long it wants to be left alone is, up to an hour",
        arguments: [(0, 1), (1, 1), (7, 7), (90, 90), (3_600, 3_600), (86_400, 3_600)] as [(UInt64, UInt64)])
    func retryAfter(asked: UInt64, pause: UInt64) {
        let source = Self.source()
        _ = Self.acquire(source, at: Self.start)
        let failure = TokenFailure.vendorError(status: 429)
        source.renewalFailed(failure, retryAfterNanoseconds: asked * Self.second, now: Self.start, random: 0)
        #expect(Self.acquire(source, at: Self.start) == .fail(failure, retryAfterNanoseconds: pause * Self.second))
        #expect(Self.acquire(source, at: Self.start + pause * Self.second) == Self.atOnce)
    }

    @Test("a failure that may pass at once waits as long as the endpoint asks")
    func retryAfterUnavailable() {
        let source = Self.source()
        _ = Self.acquire(source, at: Self.start)
        let failure = TokenFailure.vendorError(status: 503)
        source.renewalFailed(failure, retryAfterNanoseconds: 3 * Self.second, now: Self.start, random: 0)
        #expect(Self.acquire(source, at: Self.start) == .fail(failure, retryAfterNanoseconds: 3 * Self.second))
    }

    @Test("as many may wait on each worker as its queue has room for, until they are told")
    func waitersMax() {
        let source = Self.source(queueMax: 3)
        let told = (0..<3).map { _ in Told() }
        #expect(Self.acquire(source, at: Self.start, told[0]) == Self.atOnce)
        #expect(Self.acquire(source, at: Self.start, told[1]) == .wait)
        #expect(Self.acquire(source, at: Self.start, told[2]) == .wait)
        let refused = Told()
        #expect(
            Self.acquire(source, at: Self.start, refused) == .fail(.unavailable(.queueFull), retryAfterNanoseconds: 0))
        #expect(Self.acquire(source, at: Self.start, queue: .second) == .wait, "another worker has a queue of its own")
        source.renewed(accessToken: [1], lifetimeSeconds: 1, now: Self.start)
        #expect(told.allSatisfy { $0.all.count == 1 })
        #expect(refused.all.isEmpty)
        #expect(Self.acquire(source, at: Self.start + 2 * Self.second) == Self.atOnce, "there is room again")
    }

    @Test("a token that the vendor refuses is dropped, but only that one")
    func refused() throws {
        let source = Self.source()
        _ = Self.acquire(source, at: Self.start)
        source.renewed(accessToken: [1], lifetimeSeconds: 3_600, now: Self.start)
        let first = try Self.token(source, at: Self.start)
        let later = Self.start + 60 * Self.second
        #expect(source.refused(generation: first.generation, now: later, random: 0) == .tryAgain)
        #expect(Self.acquire(source, at: later) == Self.atOnce)
        source.renewed(accessToken: [2], lifetimeSeconds: 3_600, now: later)
        // A worker that still had the first one reports late.
        #expect(source.refused(generation: first.generation, now: later, random: 0) == .tryAgain)
        #expect(try Self.token(source, at: later).generation == first.generation + 1)
    }

    @Test("a token that is refused as soon as it is there is followed by another when it is a second old")
    func refusedYoung() throws {
        let source = Self.source()
        _ = Self.acquire(source, at: Self.start)
        source.renewed(accessToken: [1], lifetimeSeconds: 3_600, now: Self.start)
        let young = Self.start + Self.second / 4
        #expect(source.refused(generation: 1, now: young, random: 0) == .tryAgain)
        #expect(Self.acquire(source, at: young) == .renew(afterNanoseconds: Self.second * 3 / 4))
        #expect(Self.acquire(source, at: young) == .wait)
    }

    @Test("tokens that were accepted and revoked are followed by others, one a second at most, for ever")
    func revoked() throws {
        let source = Self.source()
        var now = Self.start
        _ = Self.acquire(source, at: now)
        for generation in 1...UInt64(20) {
            source.renewed(accessToken: [1], lifetimeSeconds: 3_600, now: now)
            source.accepted(generation: generation)
            #expect(source.refused(generation: generation, now: now, random: 0.9) == .tryAgain)
            #expect(Self.acquire(source, at: now) == .renew(afterNanoseconds: Self.second))
            now += Self.second
        }
    }

    @Test("a vendor that refuses token after token is told as it is, and its endpoint asked ever more seldom")
    func refusedAgainAndAgain() throws {
        let source = Self.source()
        var now = Self.start
        _ = Self.acquire(source, at: now)
        source.renewed(accessToken: [1], lifetimeSeconds: 3_600, now: now)
        #expect(source.refused(generation: 1, now: now, random: 0) == .tryAgain)
        #expect(Self.acquire(source, at: now) == .renew(afterNanoseconds: Self.second))
        now += Self.second
        for (number, pause) in ([1, 2, 4, 8, 16, 20, 20] as [UInt64]).enumerated() {
            let generation = UInt64(number + 2)
            source.renewed(accessToken: [1], lifetimeSeconds: 3_600, now: now)
            let end = now + pause * Self.second
            #expect(source.refused(generation: generation, now: now, random: 0) == .tell)
            #expect(source.refused(generation: generation, now: end - 1, random: 0) == .tell)
            #expect(
                try Self.token(source, at: end - 1).generation == generation,
                "what it refuses to one it may grant to another")
            #expect(source.refused(generation: generation, now: end, random: 0) == .tryAgain)
            #expect(Self.acquire(source, at: end) == Self.atOnce)
            now = end
        }
        // One is accepted at last: its refusal is the first of a new row.
        source.renewed(accessToken: [1], lifetimeSeconds: 3_600, now: now)
        source.accepted(generation: 9)
        #expect(source.refused(generation: 9, now: now, random: 0) == .tryAgain)
    }

    @Test("an old token's acceptance, told late, says nothing of the new one")
    func acceptedLate() {
        let source = Self.source()
        _ = Self.acquire(source, at: Self.start)
        source.renewed(accessToken: [1], lifetimeSeconds: 3_600, now: Self.start)
        let later = Self.start + 60 * Self.second
        #expect(source.refused(generation: 1, now: later, random: 0) == .tryAgain)
        _ = Self.acquire(source, at: later)
        source.renewed(accessToken: [2], lifetimeSeconds: 3_600, now: later)
        source.accepted(generation: 1)
        #expect(source.refused(generation: 2, now: later, random: 0) == .tell)
    }

    @Test("a lifetime beyond reason is a year and overflows nothing")
    func absurdLifetime() {
        let source = Self.source()
        _ = Self.acquire(source, at: Self.start)
        source.renewed(accessToken: [1], lifetimeSeconds: .max, now: Self.start)
        guard case .use(let token) = Self.acquire(source, at: Self.start) else {
            Issue.record("no token")
            return
        }
        #expect(token.expiresAt == Self.start + 365 * 24 * 3_600 * Self.second)
    }

    @Test("however many ask from however many threads, one is told to renew")
    func manyThreads() async {
        let source = Self.source(queueMax: 100)
        let renewals = await withTaskGroup(of: Bool.self) { tasks in
            for _ in 0..<100 {
                tasks.addTask { Self.acquire(source, at: Self.start) == Self.atOnce }
            }
            return await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(renewals == 1)
    }
}
