import Testing

@testable import GatewayProxy

@Suite("A filter of exchanges")
struct ExchangeFilterTests {
    private static func exchange(_ change: (inout WatchedExchange) -> Void = { _ in }) -> WatchedExchange {
        var exchange = WatchedExchange(
            line: Array("{}\n".utf8), callers: ["shop", "10.1.4.23"], requestID: "5f0c1a2b", traceID: "4bf92f35",
            status: 200,
            microseconds: 4_000, targets: ["cor", "catalogue"], codes: ["vendor_timeout", "ok", "vendor_timeout"])
        change(&exchange)
        return exchange
    }

    private static func filter(_ query: String) throws -> ExchangeFilter {
        try ExchangeFilter(#require(AdminQuery(Substring(query))))
    }

    @Test(
        "takes what fits each kind that is asked for",
        arguments: [
            ("", true), ("target=cor", true), ("target=acme", false), ("target=acme&target=catalogue", true),
            ("caller=10.1.4.23", true), ("caller=10.1.4.2", false), ("caller=shop", true), ("code=ok", true),
            ("code=vendor_timeout", true),
            ("code=overloaded", false), ("status=200", true), ("status=2xx", true), ("status=5xx", false),
            ("status=5xx&status=200", true), ("slowerThan=3ms", true), ("slowerThan=4ms", false), ("id=5f0c", true),
            ("id=4bf92f35", true), ("id=0c1a", false), ("target=cor&status=5xx", false), ("target=&code=", true),
        ])
    func takes(query: String, isTaken: Bool) throws {
        #expect(try Self.filter(query).takes(Self.exchange()) == isTaken)
    }

    @Test("an exchange without an answer has no status")
    func noStatus() throws {
        #expect(try !Self.filter("status=2xx").takes(Self.exchange { $0.status = nil }))
    }

    @Test(
        "what it cannot understand is said",
        arguments: [
            ("status=6xx", "status is one"), ("status=9", "status is one"), ("slowerThan=3", "a duration"),
            ("colour=red", "no filter \"colour\""),
        ])
    func mistakes(query: String, words: String) throws {
        let mistake = #expect(throws: ExchangeFilter.Mistake.self) { try Self.filter(query) }
        #expect(mistake?.sentence.contains(words) == true)
    }

    @Test("a query is decoded as browsers write it")
    func query() {
        #expect(AdminQuery("a=b%20c+d&e")?.pairs.map { "\($0.name)=\($0.value)" } == ["a=b c d", "e="])
        #expect(AdminQuery("a=%zz") == nil)
    }
}
