import Testing

@testable import GatewayProxy

@Suite("Which failed dials the log tells")
struct DialFailuresTests {
    private static let second: UInt64 = 1_000_000_000
    private static let start: UInt64 = 500 * second

    @Test("the first is told, then one every few seconds, with how many were left out")
    func pace() {
        var failures = DialFailures()
        #expect(failures.failed("refused", now: Self.start) == .tell(leftOut: 0))
        for number in 1...40 {
            #expect(failures.failed("refused", now: Self.start + UInt64(number) * Self.second / 10) == .leaveOut)
        }
        #expect(failures.failed("refused", now: Self.start + 5 * Self.second) == .tell(leftOut: 40))
        #expect(failures.failed("refused", now: Self.start + 6 * Self.second) == .leaveOut)
        #expect(failures.failed("refused", now: Self.start + 60 * Self.second) == .tell(leftOut: 1))
    }

    @Test("another reason is told at once, each at its own pace")
    func reasons() {
        var failures = DialFailures()
        #expect(failures.failed("refused", now: Self.start) == .tell(leftOut: 0))
        #expect(failures.failed("expired", now: Self.start) == .tell(leftOut: 0))
        #expect(failures.failed("refused", now: Self.start) == .leaveOut)
        #expect(failures.failed("expired", now: Self.start) == .leaveOut)
    }

    @Test("that it works again is told once, with how many failed and for how long")
    func recovery() {
        var failures = DialFailures()
        #expect(failures.connected(now: Self.start) == nil)
        _ = failures.failed("refused", now: Self.start)
        _ = failures.failed("refused", now: Self.start + Self.second)
        _ = failures.failed("expired", now: Self.start + 2 * Self.second)
        #expect(
            failures.connected(now: Self.start + 3 * Self.second)
                == DialFailures.Recovery(count: 3, nanoseconds: 3 * Self.second))
        #expect(failures.connected(now: Self.start + 4 * Self.second) == nil)
    }

    @Test("a vendor that comes and goes is told at the same pace")
    func flapping() {
        var failures = DialFailures()
        var lines = 0
        for number in 0..<1_000 {
            let now = Self.start + UInt64(number) * Self.second / 100
            if failures.failed("refused", now: now) != .leaveOut { lines += 1 }
            if failures.connected(now: now) != nil { lines += 1 }
        }
        #expect(lines == 4)
    }

    @Test("a vendor that has a new reason each time takes no more memory for it")
    func manyReasons() {
        var failures = DialFailures()
        for number in 0..<100 {
            #expect(failures.failed("reason \(number)", now: Self.start + UInt64(number)) == .tell(leftOut: 0))
        }
        #expect(failures.failed("reason 99", now: Self.start + 100) == .leaveOut)
        #expect(failures.failed("reason 1", now: Self.start + 100) == .tell(leftOut: 0), "it has been forgotten")
        #expect(failures.connected(now: Self.start + 100) == DialFailures.Recovery(count: 102, nanoseconds: 100))
    }
}
