import GatewayIdentity
import GatewayJSON
import Synchronization

/// An issuer's keys: kept once for all workers, fetched by one request at a time.
///
/// While there are keys everybody uses them. They are fetched again when they have aged, in the background; a set that
/// cannot be had, or that is empty or broken, never replaces a good one, which counts for a day. A token that names a
/// key that is not there, or that its key has not signed, may mean a new one: the keys are fetched at most once in half
/// a minute for that, some requests wait for them, and all others are answered at once, so that made-up names cost
/// nothing. Decides only: asking is `KeySetFetch`'s. Any thread; time and randomness are inputs.
final class KeySetSource: Sendable {
    /// Where the keys are.
    enum Location: Sendable {
        /// They came with the configuration, and change with it.
        case configuration
        case server(UpstreamEndpoint, path: [UInt8])
        /// Where the document at this path says (OpenID Connect Discovery 1.0 section 4).
        case discovery(UpstreamEndpoint, path: [UInt8])
    }

    /// What those are told who have waited.
    struct Told: Sendable {
        /// The keys that are there in the end; nil where there are none.
        let keys: KeySet?
        /// Whether they were fetched while one waited: a key that is not among them is none of the issuer's.
        let isFresh: Bool
    }

    /// On any thread.
    typealias Waiter = @Sendable (Told) -> Void

    /// Why the keys may have to be fetched.
    enum Lack: Sendable, Equatable {
        /// There are none.
        case keys
        /// None has this name.
        case key(ExactText)
        /// Those that a token means have not signed it, or there is none of its kind: the issuer may have a new one
        /// under the same name, or without one.
        case signature
    }

    /// What becomes of a request whose key is not there.
    enum Decision: Equatable {
        /// It is answered at once.
        case refuse
        /// Its waiter is told.
        case wait
        /// Its waiter is told, and the keys have to be fetched: nobody else does.
        case fetchAndWait
    }

    private struct State {
        var keys: KeySet?
        /// Of the text of the set, so that the same set is told from a new one.
        var digest: Digest?
        var fetchedAt: UInt64 = 0
        var refreshesAt: UInt64 = 0
        var isFetching = false
        var failuresInARow = 0
        var failsUntil: UInt64 = 0
        var unknownKeyFetchesAt: UInt64 = 0
        var waiters: [Waiter] = []
        /// Keys that were looked for in vain, and until when nobody looks again.
        var refusedKeys: [ExactText: UInt64] = [:]
        var fetches = 0
        var failures = 0
    }

    /// How long a good set counts without a newer one: a night and a day to mend an issuer.
    static let keptNanosecondsMax: UInt64 = 24 * 3600 * 1_000_000_000
    /// A set is fetched again after this at the earliest, and at the latest, whatever `Cache-Control` says.
    static let freshSeconds = 300...3600
    private static let second: UInt64 = 1_000_000_000
    private static let unknownKeyPause: UInt64 = 30 * KeySetSource.second
    private static let refusedKeyPause: UInt64 = 60 * KeySetSource.second
    private static let refusedKeysMax = 256
    private static let waitersMax = 100

    /// The issuer's name in the configuration.
    let name: String
    /// What `iss` says, which a discovery document must say too.
    let issuer: ExactText
    let location: Location
    /// Makes the endpoint of a URL that a discovery document names; nil for one that is not taken.
    let makeEndpoint: @Sendable (_ url: String) -> (UpstreamEndpoint, path: [UInt8])?
    private let state: Mutex<State>

    /// Goes up whenever keys of any issuer have changed: what was verified before counts anew.
    private static let epochCounter = Atomic<Int>(1)
    static var epoch: Int { self.epochCounter.load(ordering: .relaxed) }

    init(
        name: String, issuer: ExactText, location: Location, keys: KeySet? = nil,
        makeEndpoint: @escaping @Sendable (String) -> (UpstreamEndpoint, path: [UInt8])? = { _ in nil }
    ) {
        self.name = name
        self.issuer = issuer
        self.location = location
        self.makeEndpoint = makeEndpoint
        self.state = Mutex(State(keys: keys))
    }

    private var isFixed: Bool { if case .configuration = self.location { true } else { false } }

    /// The keys that were there last.
    var current: KeySet? { self.state.withLock { $0.keys } }

    /// What operators are told.
    struct Report: Sendable {
        let keyIDs: [String]
        let keyCount: Int
        /// Nanoseconds since the keys were fetched; nil where they came with the configuration, or never.
        let age: UInt64?
        let fetches: Int
        let failures: Int
    }

    func report(now: UInt64) -> Report {
        self.state.withLock { state in
            Report(
                keyIDs: state.keys?.ids.map(\.description) ?? [], keyCount: state.keys?.count ?? 0,
                age: self.isFixed || state.keys == nil ? nil : now - min(now, state.fetchedAt), fetches: state.fetches,
                failures: state.failures)
        }
    }

    // MARK: Asked by requests

    /// The keys, and whether whoever asks has to fetch them again: nobody else does.
    func keys(now: UInt64) -> (keys: KeySet?, shouldRefresh: Bool) {
        guard !self.isFixed else { return (self.current, false) }
        return self.state.withLock { state in
            if now > state.fetchedAt &+ Self.keptNanosecondsMax { state.keys = nil }
            let isDue = state.keys == nil || now >= state.refreshesAt
            guard isDue, !state.isFetching, now >= state.failsUntil else { return (state.keys, false) }
            state.isFetching = true
            return (state.keys, true)
        }
    }

    /// - Parameter makeWaiter: called unless the request is answered at once.
    func wait(for lack: Lack, now: UInt64, makeWaiter: () -> Waiter) -> Decision {
        guard !self.isFixed else { return .refuse }
        return self.state.withLock { state in
            if case .key(let key) = lack, let until = state.refusedKeys[key], now < until { return .refuse }
            guard state.waiters.count < Self.waitersMax else { return .refuse }
            if state.isFetching {
                state.waiters.append(makeWaiter())
                return .wait
            }
            guard lack != .keys, now >= state.unknownKeyFetchesAt, now >= state.failsUntil else { return .refuse }
            state.isFetching = true
            state.unknownKeyFetchesAt = now &+ Self.unknownKeyPause
            state.waiters.append(makeWaiter())
            return .fetchAndWait
        }
    }

    /// A key is not in the set that was fetched for it.
    func refuse(key: ExactText, now: UInt64) {
        self.state.withLock { state in
            if state.refusedKeys.count >= Self.refusedKeysMax {
                state.refusedKeys = state.refusedKeys.filter { now < $0.value }
            }
            guard state.refusedKeys.count < Self.refusedKeysMax else { return }
            state.refusedKeys[key] = now &+ Self.refusedKeyPause
        }
    }

    // MARK: Told by a fetch

    /// - Parameters:
    ///   - digest: of the set's text.
    ///   - freshSeconds: for how long `Cache-Control` says that it is; nil where it does not say.
    func fetched(_ keys: KeySet, digest: Digest?, freshSeconds: Int?, now: UInt64, random: Double) {
        let seconds = min(max(freshSeconds ?? 0, Self.freshSeconds.lowerBound), Self.freshSeconds.upperBound)
        // Up to a tenth earlier, so that instances that were started together do not ask together.
        let fresh = UInt64(Double(seconds) * (1 - 0.1 * random) * Double(Self.second))
        let waiters = self.state.withLock { state in
            if state.digest == nil || state.digest != digest {
                state.refusedKeys = [:]
                Self.epochCounter.wrappingAdd(1, ordering: .relaxed)
            }
            state.keys = keys
            state.digest = digest
            state.fetchedAt = now
            state.refreshesAt = now &+ fresh
            state.failuresInARow = 0
            state.fetches += 1
            return Self.endFetch(&state)
        }
        for waiter in waiters { waiter(Told(keys: keys, isFresh: true)) }
    }

    func fetchFailed(now: UInt64, random: Double) {
        let (keys, waiters) = self.state.withLock { state in
            state.failuresInARow += 1
            state.failures += 1
            state.failsUntil = now &+ TokenBackoff.pause(after: state.failuresInARow, random: random)
            return (state.keys, Self.endFetch(&state))
        }
        for waiter in waiters { waiter(Told(keys: keys, isFresh: false)) }
    }

    private static func endFetch(_ state: inout State) -> [Waiter] {
        state.isFetching = false
        let waiters = state.waiters
        state.waiters = []
        return waiters
    }
}
