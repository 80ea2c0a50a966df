import GatewayProxy
import Testing

@testable import product_gateway

@Suite("A line of the stream of exchanges")
struct TailEntryTests {
    private static func entry(_ text: String) -> TailEntry? { TailEntry(Array(text.utf8)) }

    @Test("one target's exchange is read from the log's members")
    func one() throws {
        let entry = Self.entry(
            """
            {"time":"2026-11-27T11:59:23.104Z","level":"info","message":"exchange","requestId":"5f0c","caller":"::1",\
            "operation":"update","status":504,"target":"cor","code":"vendor_timeout","durationMicroseconds":12}
            """)
        var expected = ExchangeLine()
        expected.caller = "::1"
        expected.operation = "update"
        expected.requestID = "5f0c"
        expected.status = 504
        expected.microseconds = 12
        expected.results = [.init(target: "cor", code: "vendor_timeout", isFailure: true)]
        #expect(entry == .exchange(expected, time: "11:59:23.104"))
    }

    @Test("several targets have a result each, and a caller who left no status")
    func several() throws {
        let entry = Self.entry(
            """
            {"time":"T","message":"exchange","status":207,"end":"caller_left","code":"not_found","results":[\
            {"target":"a","code":"ok"},{"target":"b","code":"not_found"}]}
            """)
        guard case .exchange(let exchange, _) = entry else {
            Issue.record("no exchange: \(String(describing: entry))")
            return
        }
        #expect(exchange.status == nil)
        #expect(exchange.results.map(\.code) == ["ok", "not_found"])
        #expect(exchange.results.map(\.isFailure) == [false, false])
    }

    @Test("a stream says what became of its lines")
    func stream() throws {
        let entry = Self.entry(
            """
            {"time":"T","message":"exchange","operation":"bulk","status":200,"code":"ok","lines":7,"done":1,\
            "partial":1,"rejected":2,"unknown":3,"notSent":0}
            """)
        guard case .exchange(let exchange, _) = entry else {
            Issue.record("no exchange: \(String(describing: entry))")
            return
        }
        #expect(exchange.lines == .init(all: 7, done: 1, partial: 1, rejected: 2, unknown: 3, notSent: 0))
    }

    @Test("what else is said is a notice; what is no JSON object is nothing")
    func others() {
        #expect(Self.entry(#"{"message":"exchanges left out","count":7}"#) == .notice("7 exchanges left out"))
        #expect(Self.entry("[]") == nil)
        #expect(Self.entry("x") == nil)
    }
}
