import GatewayJSON
import Testing

@testable import GatewayPush

@Suite("What a push keeps of itself")
struct PushStateTests {
    @Test("it is read as it was written")
    func roundTrip() {
        var state = PushState(
            file: PushState.Fingerprint(bytes: 10, modifiedNanoseconds: 1_700_000_000_123_456_789),
            destination: "gateway.test/v1/bulk?target=a", key: "push-1", streams: 3)
        state.settled = LineRanges([1...500, 502...502])
        state.done = 499
        state.refused = 2
        state.hasBegun = true
        #expect(PushState(json: state.json) == state)
    }

    @Test(
        "what is none is refused",
        arguments: [
            "", "{}", "[]", "nonsense",
            Self.state(version: 1, settled: "[]"), Self.state(settled: "[[2,1]]"), Self.state(settled: "[[0,1]]"),
            Self.state(settled: "[1]"), Self.state(streams: 0, settled: "[]"), Self.state(streams: 17, settled: "[]"),
        ])
    func refused(text: String) {
        #expect(PushState(json: Array(text.utf8)) == nil)
        #expect(PushState(json: Array(Self.state(settled: "[]").utf8)) != nil)
    }

    private static func state(version: Int = 2, streams: Int = 1, settled: String) -> String {
        #"{"version":\#(version),"bytes":1,"modifiedNanoseconds":1,"destination":"","key":"k","streams":\#(streams),"#
            + #""begun":true,"done":0,"refused":0,"settled":\#(settled)}"#
    }

    @Test("results are read, and what a later gateway may say is passed over")
    func results() {
        func read(_ text: String) -> PushResult? {
            Array(text.utf8).withUnsafeBufferPointer { PushResult($0, tape: JSONTape()) }
        }
        #expect(
            read(#"{"line":7,"id":"x","target":"cor","outcome":"done","status":200}"#)
                == .line(
                    number: 7, target: "cor", outcome: .done, status: 200, code: nil, isRetryable: false,
                    isDryRun: false))
        #expect(
            read(#"{"line":7,"status":400,"code":"malformed_json","outcome":"not_sent"}"#)
                == .line(
                    number: 7, target: nil, outcome: .notSent, status: 400, code: "malformed_json",
                    isRetryable: false, isDryRun: false))
        #expect(
            read(#"{"progress":{"lines":1,"waiting":[{"target":"cor","code":"rate_limited","seconds":3}]}}"#)
                == .progress(waiting: [PushResult.Waiting(target: "cor", code: "rate_limited", seconds: 3)]))
        #expect(read(#"{"fatal":{"code":"overloaded","detail":"d"}}"#) == .fatal(code: "overloaded", detail: "d"))
        #expect(read(#"{"summary":{"complete":true}}"#) == .summary(isComplete: true))
        #expect(read(#"{"news":1}"#) == nil)
        #expect(read("x") == nil)
    }
}
