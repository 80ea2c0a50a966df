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

    private static func source(marginSeconds: UInt64 = 30) -> OAuth2TokenSource {
        OAuth2TokenSource(
            endpoint: WorkerFixture.endpoint(),
            request: OAuth2TokenRequest(
                style: .form, path: [], clientID: [], clientSecret: [], scope: nil),
            renewalMarginNanoseconds: marginSeconds * self.second)
    }

    private static func acquire(
        _ source: OAuth2TokenSource, at now: UInt64, _ told: Told = Told()
    ) -> OAuth2TokenSource.Decision {
        source.acquire(now: now) { told.waiter }
    }

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
        #expect(Self.acquire(source, at: Self.start, told[0]) == .renew)
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
        source.renewalFailed(.vendorError(status: 500), now: late)
        guard case .useAndRenew = Self.acquire(source, at: late + 1) else {
            Issue.record("not tried again")
            return
        }
    }

    @Test("a renewal that fails is told to all who wait, and the next that asks renews")
    func failure() {
        let source = Self.source()
        let told = [Told(), Told()]
        _ = Self.acquire(source, at: Self.start, told[0])
        _ = Self.acquire(source, at: Self.start, told[1])
        source.renewalFailed(.unavailable(.timedOut), now: Self.start)
        for waiter in told {
            #expect(waiter.all.count == 1)
            guard case .failure(.unavailable(.timedOut)) = waiter.all.first else {
                Issue.record("\(waiter.all)")
                continue
            }
        }
        #expect(Self.acquire(source, at: Self.start) == .renew)
    }

    @Test("a client that the vendor rejects is not tried again for a second")
    func rejection() {
        let source = Self.source()
        _ = Self.acquire(source, at: Self.start)
        source.renewalFailed(.rejected(status: 401), now: Self.start)
        #expect(
            Self.acquire(source, at: Self.start + Self.second - 1) == .fail(.rejected(status: 401)))
        #expect(Self.acquire(source, at: Self.start + Self.second) == .renew)
    }

    @Test("a token that the vendor refuses is dropped, but only that one")
    func refused() {
        let source = Self.source()
        _ = Self.acquire(source, at: Self.start)
        source.renewed(accessToken: [1], lifetimeSeconds: 3_600, now: Self.start)
        guard case .use(let first) = Self.acquire(source, at: Self.start) else {
            Issue.record("no token")
            return
        }
        source.refused(generation: first.generation)
        #expect(Self.acquire(source, at: Self.start) == .renew)
        source.renewed(accessToken: [2], lifetimeSeconds: 3_600, now: Self.start)
        // A worker that still had the first one reports late.
        source.refused(generation: first.generation)
        guard case .use(let second) = Self.acquire(source, at: Self.start) else {
            Issue.record("the new token was dropped")
            return
        }
        #expect(second.generation == first.generation + 1)
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
        let source = Self.source()
        let renewals = await withTaskGroup(of: Bool.self) { tasks in
            for _ in 0..<100 {
                tasks.addTask { Self.acquire(source, at: Self.start) == .renew }
            }
            return await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(renewals == 1)
    }
}
