import Testing

@testable import GatewayProxy

@Suite("The trace that a vendor is told of")
struct SentTraceTests {
    private static func parent(_ trace: SentTrace) -> String {
        trace.withParent { String(decoding: $0, as: UTF8.self) }
    }

    @Test("is the caller's, with an id of each attempt's own")
    func continued() throws {
        let context = try #require(
            ReceivedTraceTests.trace(parents: ["cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]))
        var generator = SeededGenerator(seed: 1)
        let parents = (0..<100).map { _ in Self.parent(SentTrace(context, from: &generator)) }
        #expect(Set(parents).count == 100)
        for parent in parents {
            // In our own version, whatever the caller's was.
            #expect(parent.hasPrefix("00-0af7651916cd43dd8448eb211c80319c-"))
            #expect(parent.hasSuffix("-01"))
            #expect(!parent.contains("b7ad6b7169203331"))
        }
    }

    @Test("survives being received again", arguments: 0..<50)
    func roundTrip(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let begun = TraceContext(from: &generator)
        let sent = SentTrace(begun, from: &generator)
        let received = try #require(ReceivedTraceTests.trace(parents: [Self.parent(sent)]))
        #expect(received.traceID == begun.traceID)
        #expect(received.callerID == sent.attemptID)
        #expect(received.flags == .random)
    }

    @Test("begins here as random and not sampled, and is never 0")
    func begun() {
        struct Zeros: RandomNumberGenerator {
            mutating func next() -> UInt64 { 0 }
        }
        var zeros = Zeros()
        let trace = TraceContext(from: &zeros)
        #expect(trace.callerID == nil)
        #expect(
            Self.parent(SentTrace(trace, from: &zeros)) == "00-00000000000000000000000000000001-0000000000000001-02")
    }
}
