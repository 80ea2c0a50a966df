import Testing

@testable import GatewayProxy

@Suite("Requests that are reset at once")
struct RapidResetsTests {
    private static let second: UInt64 = 1_000_000_000

    @Test("are too many beyond a hundred and half of the answers that were taken")
    func bound() {
        var resets = RapidResets()
        for _ in 0..<50 { resets.answered() }
        for _ in 0..<125 { _ = resets.reset(age: 0) }
        #expect(!resets.isTooMuch)
        let counts = resets.reset(age: Self.second - 1)
        #expect(counts && resets.isTooMuch)
    }

    @Test("do not include those that somebody has waited for")
    func patient() {
        var resets = RapidResets()
        for _ in 0..<1_000 {
            let counts = resets.reset(age: Self.second)
            #expect(!counts)
        }
        #expect(!resets.isTooMuch)
    }

    @Test("make an address suspect, whichever connections they come from, and for a time")
    func addresses() {
        let suspects = SuspectAddresses()
        for _ in 0..<200 { suspects.noteReset("10.0.0.1", now: Self.second) }
        #expect(!suspects.isSuspect("10.0.0.1", now: Self.second))
        suspects.noteReset("10.0.0.1", now: 2 * Self.second)
        #expect(suspects.isSuspect("10.0.0.1", now: 2 * Self.second))
        #expect(!suspects.isSuspect("10.0.0.2", now: 2 * Self.second))
        #expect(suspects.isSuspect("10.0.0.1", now: 10 * Self.second))
        #expect(!suspects.isSuspect("10.0.0.1", now: 11 * Self.second))
    }

    @Test("of all addresses of an IPv6 /64 make it suspect, and nobody else")
    func networks() {
        let suspects = SuspectAddresses()
        for host in 1...201 { suspects.noteReset("2001:db8:0:1::\(host)", now: Self.second) }
        #expect(suspects.isSuspect("2001:db8:0:1:ffff::9", now: Self.second))
        #expect(!suspects.isSuspect("2001:db8:0:2::1", now: Self.second))
        for host in 1..<200 { #expect(suspects.admit("2001:db8:0:1:a::\(host)", now: Self.second)) }
        #expect(!suspects.admit("2001:db8:0:1::b", now: Self.second))
        #expect(suspects.admit("2001:db8:0:2::1", now: Self.second))
    }

    @Test(
        "count IPv4 addresses one by one, however they are written",
        arguments: [
            ("10.0.0.1", "10.0.0.2", false), ("::ffff:10.0.0.1", "10.0.0.1", true),
            ("::ffff:10.0.0.1", "::ffff:10.0.0.2", false), ("64:ff9b::10.0.0.1", "64:ff9b::10.0.0.2", false),
            ("64:ff9b::10.0.0.1", "10.0.0.1", true), ("2001:DB8::1", "2001:db8:0:0:ffff:ffff:ffff:ffff", true),
            ("::1", "127.0.0.1", false), ("::1", "0.0.0.0", false),
        ])
    func oneNetwork(one: String, other: String, isOne: Bool) {
        #expect((CallerNetwork(of: one) == CallerNetwork(of: other)) == isOne)
    }

    @Test("are forgotten where they are few, and their number is bounded")
    func forgotten() {
        let suspects = SuspectAddresses()
        for round in 0..<20 as Range<UInt64> {
            for _ in 0..<50 { suspects.noteReset("10.0.0.1", now: 6 * round * Self.second) }
        }
        #expect(!suspects.isSuspect("10.0.0.1", now: 114 * Self.second))
        for address in 0..<10_000 {
            suspects.noteReset("10.1.\(address / 256).\(address % 256)", now: 200 * Self.second)
        }
        for _ in 0..<250 { suspects.noteReset("10.0.0.3", now: 200 * Self.second) }
        #expect(suspects.isSuspect("10.0.0.3", now: 200 * Self.second))
    }
}
