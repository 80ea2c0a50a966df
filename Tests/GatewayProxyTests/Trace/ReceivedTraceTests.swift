import GatewayHTTP
import Testing

@testable import GatewayProxy

@Suite("The trace that a caller brings")
struct ReceivedTraceTests {
    /// W3C Trace Context, section 3.2.3.
    private static let traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let callerID = "00f067aa0ba902b7"
    private static let valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    static func trace(parents: [String], states: [String] = []) -> TraceContext? {
        var received = ReceivedTrace()
        for state in states { Array(state.utf8).withUnsafeBufferPointer { received.take(state: $0) } }
        for parent in parents { Array(parent.utf8).withUnsafeBufferPointer { received.take(parent: $0) } }
        return received.context(keepsState: true)
    }

    @Test(
        "is continued with its flags, of a later version, too",
        arguments: [
            (valid, TraceContext.Flags.sampled), ("00-\(traceID)-\(callerID)-00", []),
            ("00-\(traceID)-\(callerID)-02", .random), ("00-\(traceID)-\(callerID)-03", [.sampled, .random]),
            // Flags that are not defined yet are sent as 0.
            ("00-\(traceID)-\(callerID)-ff", [.sampled, .random]), ("00-\(traceID)-\(callerID)-08", []),
            ("01-\(traceID)-\(callerID)-01", .sampled), ("cc-\(traceID)-\(callerID)-01", .sampled),
            ("cc-\(traceID)-\(callerID)-01-what-the-future-will-be-like", .sampled),
            ("cc-\(traceID)-\(callerID)-01-", .sampled), ("\t \(valid) \t", .sampled),
        ] as [(String, TraceContext.Flags)])
    func continued(parent: String, flags: TraceContext.Flags) throws {
        let trace = try #require(Self.trace(parents: [parent]))
        #expect(trace.traceID.string == Self.traceID)
        #expect(trace.callerID.map(HexDigits.string) == Self.callerID)
        #expect(trace.flags == flags)
        #expect(trace.state == [])
    }

    @Test(
        "is not continued where it is malformed",
        arguments: [
            "", "00", "-", "00-\(traceID)-\(callerID)", "00-\(traceID)-\(callerID)-", "00-\(traceID)-\(callerID)-1",
            "00-\(traceID)-\(callerID)-001", "00-\(traceID)-\(callerID)-01.", "00-\(traceID)-\(callerID)-01-",
            "00-\(traceID)-\(callerID)-01-what-the-future-will-be-like", "00-\(traceID)-\(callerID)-.0",
            "00-\(traceID)-\(callerID)-0.", "00-\(traceID)-\(callerID)-0G",
            "cc-\(traceID)-\(callerID)-01.what-the-future-will-be-like", "cc-\(traceID)-\(callerID)-0",
            "ff-\(traceID)-\(callerID)-01", "FF-\(traceID)-\(callerID)-01", ".0-\(traceID)-\(callerID)-01",
            "0.-\(traceID)-\(callerID)-01", "0-\(traceID)-\(callerID)-01", "000-\(traceID)-\(callerID)-01",
            "0000-\(traceID)-\(callerID)-01", "00-\(traceID)0-\(callerID)-01", "00-\(traceID)-\(callerID)0-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-\(callerID)-01", "00-\(traceID)-00F067AA0BA902B7-01",
            "00-00000000000000000000000000000000-\(callerID)-01", "00-\(traceID)-0000000000000000-01",
            "00-.bf92f3577b34da6a3ce929d0e0e4736-\(callerID)-01", "00-4bf92f3577b34da6a3ce929d0e0e473.-\(callerID)-01",
            "00-\(traceID)-.0f067aa0ba902b7-01", "00-\(traceID)-00f067aa0ba902b.-01", "00_\(traceID)_\(callerID)_01",
            "00-\(traceID) -\(callerID)-01", "00-\u{fc}\u{fc}92f3577b34da6a3ce929d0e0e4736-\(callerID)-01",
        ])
    func malformed(parent: String) {
        #expect(Self.trace(parents: [parent], states: ["congo=1"]) == nil)
    }

    @Test("is not continued where it is told twice")
    func twice() {
        #expect(Self.trace(parents: [Self.valid, Self.valid]) == nil)
        #expect(Self.trace(parents: [Self.valid, "x", Self.valid]) == nil)
        #expect(Self.trace(parents: ["x", Self.valid]) == nil)
    }

    @Test("carries its state, all lines joined, even if that comes first")
    func state() {
        let trace = Self.trace(parents: [Self.valid], states: ["rojo=00f067aa0ba902b7", "", "congo=t61rcWkgMzE"])
        #expect(trace?.state == Array("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE".utf8))
        #expect(Self.trace(parents: [], states: ["congo=1"]) == nil)
        // What is wrong with the state says nothing of the rest.
        #expect(Self.trace(parents: [Self.valid], states: ["Congo=1"])?.state == [])
    }

    @Test("no bytes trap", arguments: 0..<200)
    func random(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var parent = Array(Self.valid.utf8)
        for _ in 0..<Int.random(in: 0..<4, using: &generator) {
            switch Int.random(in: 0..<3, using: &generator) {
            case 0:
                parent[Int.random(in: parent.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            case 1: parent.remove(at: Int.random(in: parent.indices, using: &generator))
            default: parent.append(UInt8.random(in: 0...255, using: &generator))
            }
        }
        var state = Array("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE".utf8)
        for _ in 0..<Int.random(in: 0..<6, using: &generator) {
            state[Int.random(in: state.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
        let isUnchanged = parent == Array(Self.valid.utf8)
        var received = ReceivedTrace()
        parent.withUnsafeBufferPointer { received.take(parent: $0) }
        state.withUnsafeBufferPointer { received.take(state: $0) }
        let trace = received.context(keepsState: true)
        if isUnchanged { #expect(trace != nil) }
        if let trace {
            #expect(trace.callerID != 0)
            #expect(trace.state.allSatisfy { (0x20...0x7E).contains($0) })
        }
    }
}
