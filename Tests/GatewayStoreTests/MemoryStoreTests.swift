import Testing

@testable import GatewayStore

@Suite("Records in memory")
struct MemoryStoreTests {
    @Test("do what every store does")
    func contract() async { await StoreContract.all(StoreUnderTest(store: MemoryStore(bytesPerCaller: 1 << 20))) }

    @Test("a caller without room is refused, and another one is not; nothing is thrown away")
    func room() async {
        let memory = MemoryStore(bytesPerCaller: 4096)
        let store = StoreUnderTest(store: memory)
        var kept = 0
        for key in 0..<100 {
            let claim = KeyClaim.by("r", key: UInt64(key))
            guard case .owned = await store.claim(claim) else { break }
            _ = await store.settle(claim, .done([UInt8](repeating: 0, count: 100)))
            kept += 1
        }
        #expect((5...12).contains(kept))
        #expect(await store.claim(.by("r", key: 1000)) == .failed(.callerFull))
        #expect(await store.claim(.by("r", key: 1000, scope: "other")) == .owned(earlier: nil))
        guard case .done = await store.claim(.by("r", key: 0)) else {
            Issue.record("a repetition finds its record however full it is")
            return
        }
        #expect(memory.countForTesting(of: "shop").bytes <= 4096 + 600)
    }

    @Test("room comes back with the retention's end and with a release")
    func roomComesBack() async {
        let memory = MemoryStore(bytesPerCaller: 600)
        let store = StoreUnderTest(store: memory)
        let first = KeyClaim.by("r", key: 1, retention: 3600)
        #expect(await store.claim(first) == .owned(earlier: nil))
        #expect(await store.claim(.by("r", key: 2)) == .failed(.callerFull))
        _ = await store.settle(first, .released)
        #expect(memory.countForTesting(of: "shop") == (0, 0))
        _ = await store.claim(.by("r", key: 3, retention: 3600), at: 10)
        #expect(await store.claim(.by("r", key: 4), at: 20) == .failed(.callerFull))
        #expect(await store.claim(.by("r", key: 4), at: 3611) == .owned(earlier: nil))
        #expect(memory.countForTesting(of: "shop").records == 1)
    }

    @Test("a hundred thousand keys that are released leave nothing behind")
    func released() async {
        let memory = MemoryStore(bytesPerCaller: 1 << 20)
        let store = StoreUnderTest(store: memory)
        _ = await store.claim(.by("r", key: 0))
        for key in 1...100_000 {
            let claim = KeyClaim.by("r", key: UInt64(key))
            _ = await store.claim(claim)
            _ = await store.settle(claim, .released)
        }
        #expect(memory.countForTesting(of: "shop").records == 1)
        #expect(memory.rowLengthForTesting < 2048)
    }
}
