import Testing

@testable import GatewayHTTP2

@Suite("Stream slots")
struct StreamSlotsTests {
    @Test("a stream keeps its slot until it gives it back, whatever the others do")
    func model() {
        var generator = SeededGenerator(seed: 11)
        let slots = StreamSlots()
        var expected: [Int32: Int] = [:]
        var next: Int32 = 1
        var most = 0
        for _ in 0..<2_000 {
            if Int.random(in: 0..<5, using: &generator) < 3 || expected.isEmpty {
                // Now and then a jump, as after streams that were refused.
                next +=
                    2 * Int32.random(in: 1...20, using: &generator)
                    * (Int.random(in: 0..<50, using: &generator) == 0 ? 40 : 1)
                expected[next] = slots.take(next)
            } else if let streamID = expected.keys.sorted().randomElement(using: &generator) {
                #expect(slots.giveBack(streamID) == expected.removeValue(forKey: streamID))
            }
            most = max(most, expected.count)
            #expect(slots.count == expected.count)
            #expect(Set(expected.values).count == expected.count)
        }
        for (streamID, slot) in expected { #expect(slots.slot(of: streamID) == slot) }
        // Slots are used again: none is larger than the streams that were open at once.
        #expect(expected.values.allSatisfy { $0 < most })
    }

    @Test("a stream that asks twice has one slot")
    func twice() {
        let slots = StreamSlots()
        let slot = slots.take(1)
        #expect(slots.take(1) == slot)
        #expect(slots.count == 1)
    }

    @Test("the connection and streams that are not there have none")
    func none() {
        let slots = StreamSlots()
        _ = slots.take(5)
        #expect(slots.slot(of: 0) == nil)
        #expect(slots.slot(of: 7) == nil)
        #expect(slots.giveBack(7) == nil)
        #expect(slots.slot(of: 5) == 0)
    }

    @Test("when all are taken back at once, no stream has one and they are given anew")
    func removeAll() {
        let slots = StreamSlots()
        for streamID in stride(from: Int32(1), to: 99, by: 2) { _ = slots.take(streamID) }
        _ = slots.giveBack(3)
        slots.removeAll()
        #expect(slots.count == 0)
        #expect(slots.slot(of: 1) == nil)
        #expect([101, 103, 105].map { slots.take($0) } == [0, 1, 2])
    }
}
