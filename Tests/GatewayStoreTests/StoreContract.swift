import Testing

@testable import GatewayStore

/// What every engine does, whatever it keeps records in. `key` is one that nobody else uses.
enum StoreContract {
    static func all(_ store: StoreUnderTest) async {
        await self.firstAndReplay(store, key: 101)
        await self.conflict(store, key: 102)
        await self.reuse(store, key: 103)
        await self.release(store, key: 104)
        await self.open(store, key: 105)
        await self.several(store, key: 106)
        await self.fence(store, key: 107)
        await self.claimsSending(store, key: 108)
        await self.binary(store, key: 109)
        await self.race(store, key: 110)
        await self.renewal(store, key: 113)
        if store.takesTime {
            await self.lease(store, key: 111)
            await self.retention(store, key: 112)
        }
    }

    static func firstAndReplay(_ store: StoreUnderTest, key: UInt64) async {
        let first = KeyClaim.by("r1", key: key)
        #expect(await store.claim(first) == .owned(earlier: nil))
        #expect(await store.advance(first) == .written)
        #expect(await store.settle(first, .done([1, 2, 3])) == .written)
        let kept = EarlierRequest(
            requestID: "r1", targets: [TargetRecord(name: "a", stage: .done, answer: [1, 2, 3])])
        #expect(await store.claim(.by("r2", key: key)) == .done(kept))
        #expect(await store.claim(.by("r3", key: key)) == .done(kept))
    }

    /// An owner may claim again, which renews its lease, and settle again, which keeps the last answer.
    static func renewal(_ store: StoreUnderTest, key: UInt64) async {
        let first = KeyClaim.by("r1", key: key, targets: ["a", "b"])
        #expect(await store.claim(first) == .owned(earlier: nil))
        #expect(await store.settle(first, .done([1]), isLast: false) == .written)
        #expect(await store.settle(first, .done([2]), isLast: false) == .written)
        let kept = EarlierRequest(
            requestID: "r1",
            targets: [
                TargetRecord(name: "a", stage: .done, answer: [2]), TargetRecord(name: "b", stage: .claimed),
            ])
        guard case .owned(let earlier?) = await store.claim(first, at: 20) else {
            Issue.record("it is the owner's own")
            return
        }
        #expect(earlier.requestID == "r1")
        #expect(Set(earlier.targets.map(\.name)) == ["a", "b"] && earlier["a"] == kept["a"])
        guard store.takesTime else { return }
        guard case .underWay = await store.claim(.by("r2", key: key, targets: ["a", "b"]), at: 40) else {
            Issue.record("the lease was renewed")
            return
        }
        #expect(await store.settle(first, .done([3]), isLast: true) == .written)
        guard case .owned(let later?) = await store.claim(.by("r3", key: key, targets: ["a", "b"]), at: 40) else {
            Issue.record("it was given back")
            return
        }
        #expect(later["a"]?.answer == [3])
        #expect(await store.settle(first, .done([4]), isLast: false) == .lost)
    }

    static func conflict(_ store: StoreUnderTest, key: UInt64) async {
        let first = KeyClaim.by("r1", key: key)
        _ = await store.claim(first)
        guard case .underWay("r1", let milliseconds) = await store.claim(.by("r2", key: key), at: 1) else {
            Issue.record("the first one is under way")
            return
        }
        #expect((1...25_000).contains(milliseconds))
    }

    static func reuse(_ store: StoreUnderTest, key: UInt64) async {
        let first = KeyClaim.by("r1", key: key)
        _ = await store.claim(first)
        guard case .reused(let fingerprint, "r1") = await store.claim(.by("r2", key: key, body: 2)) else {
            Issue.record("another body is another request")
            return
        }
        #expect(fingerprint == first.fingerprint)
        #expect(fingerprint.differences(from: KeyClaim.by("r2", body: 2).fingerprint) == [.body])
        // Another caller's key of the same text is another key.
        #expect(await store.claim(.by("r3", key: key, body: 2, scope: "office")) == .owned(earlier: nil))
    }

    static func release(_ store: StoreUnderTest, key: UInt64) async {
        let first = KeyClaim.by("r1", key: key)
        _ = await store.claim(first)
        #expect(await store.settle(first, .released) == .written)
        #expect(await store.lookUp(first.name) == .absent)
        #expect(await store.claim(.by("r2", key: key, body: 7)) == .owned(earlier: nil))
    }

    static func open(_ store: StoreUnderTest, key: UInt64) async {
        let first = KeyClaim.by("r1", key: key)
        _ = await store.claim(first)
        _ = await store.advance(first)
        #expect(await store.settle(first, .open) == .written)
        let earlier = EarlierRequest(requestID: "r1", targets: [TargetRecord(name: "a", stage: .sending)])
        let second = KeyClaim.by("r2", key: key)
        #expect(await store.claim(second) == .owned(earlier: earlier))
        // Who first asked stays known.
        #expect(await store.settle(second, .done([9])) == .written)
        #expect(
            await store.claim(.by("r3", key: key))
                == .done(
                    EarlierRequest(
                        requestID: "r1", targets: [TargetRecord(name: "a", stage: .done, answer: [9])])))
    }

    static func several(_ store: StoreUnderTest, key: UInt64) async {
        let first = KeyClaim.by("r1", key: key, targets: ["a", "b", "c"])
        _ = await store.claim(first)
        _ = await store.advance(first, "a")
        _ = await store.advance(first, "c")
        #expect(await store.settle(first, .done([1]), of: "a", isLast: false) == .written)
        #expect(await store.settle(first, .released, of: "b", isLast: false) == .written)
        #expect(await store.settle(first, .open, of: "c", isLast: true) == .written)
        let second = KeyClaim.by("r2", key: key, targets: ["a", "b", "c"])
        guard case .owned(let earlier?) = await store.claim(second) else {
            Issue.record("two of three are to be run")
            return
        }
        #expect(earlier["a"]?.stage == .done && earlier["a"]?.answer == [1])
        #expect(earlier["b"] == nil)
        #expect(earlier["c"]?.stage == .sending)
        _ = await store.settle(second, .done([2]), of: "b", isLast: false)
        _ = await store.settle(second, .done([3]), of: "c", isLast: true)
        guard case .done(let all) = await store.claim(.by("r3", key: key, targets: ["a", "b", "c"])) else {
            Issue.record("it has converged")
            return
        }
        #expect(Set(all.targets.map(\.name)) == ["a", "b", "c"])
        #expect(all["b"]?.answer == [2] && all["c"]?.answer == [3])
    }

    static func fence(_ store: StoreUnderTest, key: UInt64) async {
        let first = KeyClaim.by("r1", key: key)
        _ = await store.claim(first)
        _ = await store.settle(first, .open)
        let second = KeyClaim.by("r2", key: key)
        _ = await store.claim(second)
        // The late owner writes nothing.
        #expect(await store.advance(first) == .lost)
        #expect(await store.settle(first, .done([6])) == .lost)
        #expect(await store.settle(first, .released) == .lost)
        #expect(await store.settle(second, .done([5])) == .written)
        guard case .found(let view) = await store.lookUp(first.name) else {
            Issue.record("it is kept")
            return
        }
        #expect(view.request["a"]?.answer == [5])
        #expect(view.leaseMilliseconds == nil)
        #expect(view.expiresInMilliseconds > 86_000_000)
    }

    static func claimsSending(_ store: StoreUnderTest, key: UInt64) async {
        let first = KeyClaim.by("r1", key: key, startsSending: true)
        _ = await store.claim(first)
        guard case .found(let view) = await store.lookUp(first.name) else {
            Issue.record("it is kept")
            return
        }
        #expect(view.request["a"]?.stage == .sending)
        #expect(view.leaseMilliseconds != nil)
    }

    /// Answers and names are bytes of any kind.
    static func binary(_ store: StoreUnderTest, key: UInt64) async {
        let answer = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 7) } + [0, 13, 10, 0]
        let first = KeyClaim.by("r1\"'", key: key, scope: "Bücher\u{0}'; --", targets: ["é:|,"])
        _ = await store.claim(first)
        #expect(await store.settle(first, .done(answer), of: "é:|,") == .written)
        guard
            case .done(let kept) = await store.claim(
                .by("r2", key: key, scope: "Bücher\u{0}'; --", targets: ["é:|,"]))
        else {
            Issue.record("it is kept")
            return
        }
        #expect(kept["é:|,"]?.answer == answer && kept.requestID == "r1\"'")
    }

    /// Of many at once one runs.
    static func race(_ store: StoreUnderTest, key: UInt64) async {
        let results = await withTaskGroup(of: ClaimResult.self) { group in
            for number in 0..<100 { group.addTask { await store.claim(.by("r\(number)", key: key)) } }
            return await group.reduce(into: [ClaimResult]()) { $0.append($1) }
        }
        #expect(results.count { $0 == .owned(earlier: nil) } == 1)
        #expect(results.count { if case .underWay = $0 { true } else { false } } == 99)
    }

    static func lease(_ store: StoreUnderTest, key: UInt64) async {
        let first = KeyClaim.by("r1", key: key, lease: 25)
        _ = await store.claim(first, at: 0)
        guard case .underWay = await store.claim(.by("r2", key: key), at: 24.9) else {
            Issue.record("the lease holds")
            return
        }
        let second = KeyClaim.by("r2", key: key)
        let earlier = EarlierRequest(requestID: "r1", targets: [TargetRecord(name: "a", stage: .claimed)])
        #expect(await store.claim(second, at: 25) == .owned(earlier: earlier))
        #expect(await store.advance(first, at: 25) == .lost)
        // One whose lease has ended must not begin to send, though nobody has taken over.
        #expect(await store.advance(second, at: 51) == .lost)
        // What it has seen it may still tell.
        #expect(await store.settle(second, .done([1]), at: 52) == .written)
    }

    static func retention(_ store: StoreUnderTest, key: UInt64) async {
        let first = KeyClaim.by("r1", key: key, retention: 3600)
        _ = await store.claim(first, at: 0)
        _ = await store.settle(first, .done([1]), at: 1)
        guard case .done = await store.claim(.by("r2", key: key), at: 3599) else {
            Issue.record("it is kept")
            return
        }
        #expect(await store.lookUp(first.name, at: 3600) == .absent)
        #expect(await store.claim(.by("r3", key: key, body: 9), at: 3600) == .owned(earlier: nil))
    }
}
