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

    @Test("are forgotten where they are few, and their number is bounded")
    func forgotten() {
        let suspects = SuspectAddresses()
        for round in 0..<20 as Range<UInt64> {
            for _ in 0..<50 { suspects.noteReset("10.0.0.1", now: 6 * round * Self.second) }
        }
        #expect(!suspects.isSuspect("10.0.0.1", now: 114 * Self.second))
        for address in 0..<10_000 { suspects.noteReset("\(address)", now: 200 * Self.second) }
        for _ in 0..<250 { suspects.noteReset("10.0.0.3", now: 200 * Self.second) }
        #expect(suspects.isSuspect("10.0.0.3", now: 200 * Self.second))
    }
}
