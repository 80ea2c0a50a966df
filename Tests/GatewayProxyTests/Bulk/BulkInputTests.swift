import Testing

@testable import GatewayProxy

@Suite("A stream's caller sends in time")
struct BulkInputTests {
    private static let second: UInt64 = 1_000_000_000

    private static var input: BulkInput {
        let fixture = WorkerFixture {
            $0.bodyTimeoutNanoseconds = 10 * Self.second
            $0.idleTimeoutNanoseconds = 100 * Self.second
        }
        return BulkInput(limits: fixture.worker.exchanges.limits, now: 0)
    }

    @Test("nothing for the idle time is too late, unless lines are under way or the stream has ended")
    func idle() {
        var input = Self.input
        #expect(input.isLate(now: 100 * Self.second, isAwaited: true, line: nil) == false)
        #expect(input.isLate(now: 101 * Self.second, isAwaited: true, line: nil) == true)
        var busy = Self.input
        #expect(busy.isLate(now: 101 * Self.second, isAwaited: false, line: nil) == false)
        #expect(busy.isLate(now: 200 * Self.second, isAwaited: true, line: nil) == false)
        #expect(busy.isLate(now: 202 * Self.second, isAwaited: true, line: nil) == true)
        var over = Self.input
        over.ended()
        #expect(over.isLate(now: 500 * Self.second, isAwaited: true, line: 3) == false)
    }

    @Test("one line must come to its end in the time of a body; the next has its own time")
    func slowLine() {
        var input = Self.input
        #expect(input.isLate(now: 1 * Self.second, isAwaited: true, line: 1) == false)
        input.received(now: 10 * Self.second)
        #expect(input.isLate(now: 11 * Self.second, isAwaited: true, line: 1) == false)
        #expect(input.isLate(now: 12 * Self.second, isAwaited: true, line: 1) == true)
        #expect(input.isLate(now: 12 * Self.second, isAwaited: true, line: 2) == false)
        #expect(input.isLate(now: 20 * Self.second, isAwaited: true, line: nil) == false)
        #expect(input.isLate(now: 29 * Self.second, isAwaited: true, line: 2) == false)
    }
}
