import Testing

@testable import GatewayPush

@Suite("Lines are kept as ranges")
struct LineRangesTests {
    @Test("neighbours become one range, whatever the order")
    func merging() {
        var ranges = LineRanges()
        for line in [1, 3, 7, 2, 6, 5, 4] { ranges.insert(line) }
        #expect(ranges.ranges == [1...7])
        #expect(ranges.through == 7)
        ranges.insert(9)
        ranges.insert(9)
        #expect(ranges.ranges == [1...7, 9...9])
        #expect(ranges.count == 8)
        #expect(ranges.contains(9))
        #expect(!ranges.contains(8))
        #expect(!ranges.contains(10))
    }

    @Test("nothing is through while the first line is not in it")
    func through() {
        var ranges = LineRanges([2...5])
        #expect(ranges.through == 0)
        ranges.insert(1)
        #expect(ranges.through == 5)
        #expect(LineRanges().through == 0)
        #expect(LineRanges([3...4, 1...2, 9...9]).ranges == [1...4, 9...9])
    }

    @Test("it is the same set as a set of numbers", arguments: 0..<20)
    func model(seed: Int) {
        var ranges = LineRanges()
        var model: Set<Int> = []
        var number = seed &* 7_919 &+ 1
        for _ in 0..<300 {
            number = (number &* 1_103_515_245 &+ 12_345) & 0x7FFF_FFFF
            let line = number / 65_536 % 120 + 1
            ranges.insert(line)
            model.insert(line)
        }
        #expect(ranges.count == model.count)
        for line in 1...121 { #expect(ranges.contains(line) == model.contains(line)) }
        for (one, next) in zip(ranges.ranges, ranges.ranges.dropFirst()) {
            #expect(one.upperBound + 1 < next.lowerBound)
        }
    }
}
