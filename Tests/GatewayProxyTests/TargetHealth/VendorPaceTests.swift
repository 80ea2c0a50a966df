import Testing

@testable import GatewayProxy

@Suite("The pace of a vendor")
struct VendorPaceTests {
    private static let second: UInt64 = 1_000_000_000
    private static let start = 1_000 * Self.second

    @Test("a burst goes at once, the rest evenly spread")
    func burst() {
        let pace = VendorPace(.init(requests: 10, perNanoseconds: Self.second, burst: 3))
        #expect((0..<3).allSatisfy { _ in pace.take(now: Self.start) == nil })
        #expect(pace.take(now: Self.start) == Self.start + Self.second / 10)
        #expect(pace.take(now: Self.start + Self.second / 10) == nil)
        #expect(pace.take(now: Self.start + Self.second / 10) == Self.start + Self.second * 2 / 10)
    }

    @Test("over a minute no more go than the vendor takes, whoever asks as often as it can", arguments: [1, 10])
    func rate(burst: Int) {
        let pace = VendorPace(.init(requests: 10, perNanoseconds: Self.second, burst: burst))
        var sent = 0
        for millisecond in 0..<60_000 {
            while pace.take(now: Self.start + UInt64(millisecond) * 1_000_000) == nil { sent += 1 }
        }
        #expect((599...600 + burst).contains(sent), "\(sent)")
    }

    @Test("one that is not made after all is given back")
    func givenBack() {
        let pace = VendorPace(.init(requests: 1, perNanoseconds: Self.second, burst: 1))
        #expect(pace.take(now: Self.start) == nil)
        pace.giveBack()
        #expect(pace.take(now: Self.start) == nil)
    }

    @Test("what the vendor says corrects it downwards only")
    func corrected() {
        let pace = VendorPace(.init(requests: 10, perNanoseconds: Self.second, burst: 10))
        pace.correct(remaining: 2, now: Self.start)
        #expect((0..<2).allSatisfy { _ in pace.take(now: Self.start) == nil })
        #expect(pace.take(now: Self.start) != nil)
        pace.correct(remaining: 9, now: Self.start)
        #expect(pace.take(now: Self.start) != nil)
    }

    @Test("without a pace everything goes")
    func none() {
        let pace = VendorPace(nil)
        #expect((0..<1_000).allSatisfy { _ in pace.take(now: Self.start) == nil })
        pace.correct(remaining: 0, now: Self.start)
        #expect(pace.take(now: Self.start) == nil)
    }
}
