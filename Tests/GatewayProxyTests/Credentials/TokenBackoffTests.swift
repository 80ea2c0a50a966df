import Testing

@testable import GatewayProxy

@Suite("How long a token endpoint is left alone")
struct TokenBackoffTests {
    private static let second: UInt64 = 1_000_000_000

    @Test(
        "a second, then twice as long each time, up to twenty",
        arguments: [(-1, 0), (0, 0), (1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 20), (7, 20), (1_000_000, 20)])
    func doubles(count: Int, seconds: Int) {
        #expect(TokenBackoff.pause(after: count, random: 0) == UInt64(seconds) * Self.second)
    }

    @Test("up to half of it is added at random, so that instances do not come back together")
    func jitter() {
        #expect(TokenBackoff.pause(after: 2, random: 0.5) == 2 * Self.second + Self.second / 2)
        #expect(TokenBackoff.pause(after: 2, random: 1) == 3 * Self.second)
        #expect(TokenBackoff.pause(after: 100, random: 1) == 30 * Self.second)
    }

    @Test("what the endpoint asks for is kept, never less, and at most an hour")
    func asked() {
        #expect(TokenBackoff.pause(askedFor: 90 * Self.second, random: 0) == 90 * Self.second)
        #expect(TokenBackoff.pause(askedFor: 90 * Self.second, random: 0.5) == 90 * Self.second + Self.second / 2)
        #expect(TokenBackoff.pause(askedFor: .max, random: 0) == 3_600 * Self.second)
    }

    @Test("a random number out of its range traps nothing", arguments: [-1, 2, .infinity] as [Double])
    func oddRandom(random: Double) {
        #expect((Self.second...(Self.second * 3 / 2)).contains(TokenBackoff.pause(after: 1, random: random)))
    }
}
