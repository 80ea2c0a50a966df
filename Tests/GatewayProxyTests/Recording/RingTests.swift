import Testing

@testable import GatewayProxy

@Suite("A ring")
struct RingTests {
    @Test("keeps the last few, oldest first", arguments: [0, 1, 3, 4, 11])
    func last(count: Int) {
        var ring = Ring<Int>(capacity: 3)
        for number in 0..<count { ring.append(number) }
        #expect(ring.all == Array((0..<count).suffix(3)))
        #expect(ring.last == (0..<count).last)
    }
}
