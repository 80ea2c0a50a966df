import Testing

@testable import GatewayProxy

@Suite("A vendor's silence")
struct VendorSilenceTests {
    @Test("lasts from the first request that waits, and from the last answer")
    func duration() {
        var silence = VendorSilence()
        #expect(silence.duration(now: 100) == 0)
        silence.asked(now: 100)
        silence.asked(now: 150)
        #expect(silence.duration(now: 160) == 60)
        silence.ended(isAnswered: false, now: 170)
        #expect(silence.duration(now: 180) == 80)
        silence.asked(now: 185)
        silence.ended(isAnswered: true, now: 190)
        #expect(silence.duration(now: 195) == 5)
        silence.ended(isAnswered: false, now: 200)
        #expect(silence.duration(now: 1_000) == 0)
        silence.asked(now: 2_000)
        #expect(silence.duration(now: 2_001) == 1)
    }
}
