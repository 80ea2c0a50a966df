import Testing

@testable import GatewayProxy

@Suite("What a delivery notes for its spans")
struct DeliveryTraceTests {
    @Test("what was waited for ends with whatever comes next")
    func waits() {
        let trace = DeliveryTrace()
        trace.start(at: 10)
        trace.waits(for: .turn, at: 11)
        trace.waits(for: .token, at: 15)
        trace.attemptStarted("PUT", id: 7, at: 20)
        trace.attemptEnded(at: 30) { $0.status = 503 }
        trace.waits(for: .pause, at: 30)
        trace.ended(at: 40)
        #expect(trace.waits.map(\.kind) == [.turn, .token, .pause])
        #expect(trace.waits.map { $0.to - $0.from } == [4, 5, 10])
        #expect(trace.attempts.map(\.id) == [7])
        #expect(trace.attempts.map(\.status) == [503])
        #expect(trace.attempts.map { $0.endedAt - $0.startedAt } == [10])
        #expect(trace.endedAt == 40)
    }

    @Test("more than it has room for is not noted")
    func bound() {
        let trace = DeliveryTrace()
        trace.start(at: 0)
        for number in 0..<20 {
            trace.waits(for: .pause, at: UInt64(number))
            trace.attemptStarted("PUT", id: nil, at: UInt64(number))
        }
        #expect(trace.attempts.count == 8)
        #expect(trace.waits.count == 8)
    }

    @Test("storage is used again, and begins empty")
    func again() {
        let traces = DeliveryTraces()
        let first = traces.take()
        first.start(at: 1)
        first.attemptStarted("PUT", id: nil, at: 2)
        traces.giveBack(first)
        let second = traces.take()
        #expect(second === first)
        second.start(at: 3)
        #expect(second.attempts.isEmpty)
    }
}
