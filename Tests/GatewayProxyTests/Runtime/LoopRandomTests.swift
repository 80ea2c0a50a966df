import Testing

@testable import GatewayProxy

@Suite("Random numbers fetched many at a time")
struct LoopRandomTests {
    @Test("no two in a thousand are the same, across every refill")
    func distinct() {
        let random = LoopRandom()
        let numbers = (0..<1_000).map { _ in random.next() }
        #expect(Set(numbers).count == numbers.count)
    }
}
