import Testing

@testable import GatewayProxy

@Suite("Counts over the last while")
struct SlidingWindowTests {
    private static let second: UInt64 = 1_000_000_000

    @Test("counts what lies within the window and nothing older")
    func window() {
        let window = SlidingWindow(nanoseconds: 10 * Self.second)
        for second in 0..<25 {
            window.add(first: 1, second: 2, now: UInt64(second) * Self.second)
            let counted = UInt64(min(second + 1, 10))
            #expect(window.counts(now: UInt64(second) * Self.second) == .init(first: counted, second: 2 * counted))
        }
        #expect(window.counts(now: 30 * Self.second) == .init(first: 4, second: 8))
        #expect(window.counts(now: 34 * Self.second) == .init())
        #expect(window.counts(now: 1_000 * Self.second) == .init())
    }

    @Test("a bucket is begun anew when its turn comes again, however long that takes")
    func turns() {
        let window = SlidingWindow(nanoseconds: 10 * Self.second)
        window.add(first: 5, now: 3 * Self.second)
        window.add(first: 1, now: 13 * Self.second)
        #expect(window.counts(now: 13 * Self.second) == .init(first: 1))
        window.add(first: 2, now: 700_003 * Self.second)
        #expect(window.counts(now: 700_003 * Self.second) == .init(first: 2))
        window.reset()
        #expect(window.counts(now: 700_003 * Self.second) == .init())
    }

    @Test("several threads lose nothing within a bucket")
    func threads() async {
        let health = Shared()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<10_000 { health.window.add(first: 1, second: 1, now: 5) } }
            }
        }
        #expect(health.window.counts(now: 5) == .init(first: 80_000, second: 80_000))
    }

    private final class Shared: Sendable {
        let window = SlidingWindow(nanoseconds: 10_000_000_000)
        init() { self.window.add(now: 5) }
    }
}
