import GatewayIdentity
import GatewayJSON
import Synchronization
import Testing

@testable import GatewayProxy

@Suite("An issuer's keys")
struct KeySetSourceTests {
    private static let second: UInt64 = 1_000_000_000
    private static let start: UInt64 = 1_000 * KeySetSourceTests.second

    private static func keySet() throws -> KeySet {
        try KeySet(
            parsing: Array(
                #"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#
                    .utf8))
    }

    private static func source() -> KeySetSource {
        let endpoint = WorkerFixture.endpoint()
        return KeySetSource(name: "i", issuer: "https://i", location: .server(endpoint, path: Array("/keys".utf8)))
    }

    private static func fetched(
        _ source: KeySetSource, at now: UInt64, freshSeconds: Int? = nil, text: UInt8 = 1
    ) throws {
        source.fetched(
            try Self.keySet(), digest: Digest(of: [text]), freshSeconds: freshSeconds, now: now, random: 0)
    }

    @Test("one fetch for all who ask, and the next when the keys have aged, between five minutes and an hour")
    func refresh() throws {
        for (said, expected) in [(nil, 300), (0, 300), (600, 600), (86_400, 3_600)] as [(Int?, UInt64)] {
            let source = Self.source()
            #expect(source.keys(now: Self.start).shouldRefresh)
            #expect(!source.keys(now: Self.start).shouldRefresh)
            try Self.fetched(source, at: Self.start, freshSeconds: said)
            #expect(!source.keys(now: Self.start + expected * Self.second - 1).shouldRefresh)
            let asked = source.keys(now: Self.start + expected * Self.second)
            #expect(asked.shouldRefresh)
            #expect(asked.keys != nil)
        }
    }

    @Test("an issuer that fails is left alone longer each time, and its last keys count for a day")
    func failure() throws {
        let source = Self.source()
        _ = source.keys(now: Self.start)
        try Self.fetched(source, at: Self.start)
        var now = Self.start + 301 * Self.second
        #expect(source.keys(now: now).shouldRefresh)
        source.fetchFailed(now: now, random: 0)
        #expect(!source.keys(now: now).shouldRefresh)
        #expect(source.keys(now: now + 2 * Self.second).shouldRefresh)
        source.fetchFailed(now: now + 2 * Self.second, random: 0)
        now = Self.start + KeySetSource.keptNanosecondsMax
        #expect(source.keys(now: now).keys != nil)
        #expect(source.keys(now: now + 1).keys == nil)
    }

    @Test("made-up keys cost one fetch in half a minute; a hundred wait for it, the others are told at once")
    func flood() throws {
        let source = Self.source()
        _ = source.keys(now: Self.start)
        try Self.fetched(source, at: Self.start)
        let told = Atomic<Int>(0)
        var decisions: [KeySetSource.Decision] = []
        for number in 0..<100_000 {
            decisions.append(
                source.wait(for: .key("made-up-\(number)"), now: Self.start + Self.second) {
                    { _ in told.wrappingAdd(1, ordering: .relaxed) }
                })
        }
        #expect(decisions.count { $0 == .fetchAndWait } == 1)
        #expect(decisions.count { $0 == .wait } == 99)
        #expect(decisions.count { $0 == .refuse } == 99_900)
        try Self.fetched(source, at: Self.start + 2 * Self.second)
        #expect(told.load(ordering: .relaxed) == 100)
        func ask(_ key: ExactText, _ now: UInt64) -> KeySetSource.Decision {
            source.wait(for: .key(key), now: now) { { _ in } }
        }
        #expect(ask("another", Self.start + 30 * Self.second) == .refuse)
        #expect(ask("another", Self.start + 31 * Self.second) == .fetchAndWait)
    }

    @Test("a key that was looked for in vain is not looked for again for a minute")
    func repeated() throws {
        let source = Self.source()
        _ = source.keys(now: Self.start)
        try Self.fetched(source, at: Self.start)
        for number in 0..<1_000 { source.refuse(key: "made-up-\(number)", now: Self.start) }
        func ask(_ key: ExactText, _ now: UInt64) -> KeySetSource.Decision {
            source.wait(for: .key(key), now: now) { { _ in } }
        }
        #expect(ask("made-up-7", Self.start + 59 * Self.second) == .refuse)
        #expect(ask("made-up-7", Self.start + 60 * Self.second) == .fetchAndWait)
    }

    @Test("the same set changes nothing; another one makes all tokens be verified anew")
    func epoch() throws {
        let source = Self.source()
        _ = source.keys(now: Self.start)
        try Self.fetched(source, at: Self.start)
        let epoch = KeySetSource.epoch
        try Self.fetched(source, at: Self.start)
        try Self.fetched(source, at: Self.start, text: 2)
        #expect(KeySetSource.epoch > epoch)
    }

    @Test("without keys a request waits for the fetch that is under way, and not while the issuer is left alone")
    func noKeys() {
        let source = Self.source()
        func ask(_ now: UInt64) -> KeySetSource.Decision { source.wait(for: .keys, now: now) { { _ in } } }
        #expect(source.keys(now: Self.start).shouldRefresh)
        #expect(ask(Self.start) == .wait)
        source.fetchFailed(now: Self.start, random: 0)
        #expect(ask(Self.start) == .refuse)
    }

    @Test("a signature that no key has made may be a new key's: looked for at the same pace, and never refused by name")
    func signature() throws {
        let source = Self.source()
        _ = source.keys(now: Self.start)
        try Self.fetched(source, at: Self.start)
        func ask(_ now: UInt64) -> KeySetSource.Decision { source.wait(for: .signature, now: now) { { _ in } } }
        #expect(ask(Self.start) == .fetchAndWait)
        #expect(ask(Self.start) == .wait)
        try Self.fetched(source, at: Self.start)
        #expect(ask(Self.start + 29 * Self.second) == .refuse)
        #expect(ask(Self.start + 30 * Self.second) == .fetchAndWait)
    }

    @Test("those who wait are told whether the keys are new ones")
    func freshness() throws {
        let source = Self.source()
        _ = source.keys(now: Self.start)
        try Self.fetched(source, at: Self.start)
        let fresh = Mutex<[Bool]>([])
        func ask(_ now: UInt64) -> KeySetSource.Decision {
            source.wait(for: .key("new"), now: now) { { told in fresh.withLock { $0.append(told.isFresh) } } }
        }
        #expect(ask(Self.start) == .fetchAndWait)
        source.fetchFailed(now: Self.start, random: 0)
        #expect(ask(Self.start + 30 * Self.second) == .fetchAndWait)
        try Self.fetched(source, at: Self.start + 30 * Self.second)
        #expect(fresh.withLock { $0 } == [false, true])
    }
}
