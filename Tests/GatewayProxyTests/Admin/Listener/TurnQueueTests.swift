import NIOCore
import NIOEmbedded
import Testing

@testable import GatewayProxy

@Suite("Work done piece by piece")
struct TurnQueueTests {
    private final class Done {
        var pieces: [Int] = []
    }

    @Test("one piece is done in each turn, in their order, and the loop looks at its sockets between two")
    func turns() {
        let loop = EmbeddedEventLoop()
        let queue = TurnQueue(eventLoop: loop)
        let done = Done()
        for piece in 1...3 { queue.add { done.pieces.append(piece) } }
        loop.run()
        #expect(done.pieces == [])
        loop.advanceTime(by: .milliseconds(1))
        #expect(done.pieces == [1])
        loop.advanceTime(by: .milliseconds(1))
        #expect(done.pieces == [1, 2])
        loop.advanceTime(by: .milliseconds(10))
        #expect(done.pieces == [1, 2, 3])
        queue.add { done.pieces.append(4) }
        loop.advanceTime(by: .milliseconds(1))
        #expect(done.pieces == [1, 2, 3, 4])
    }
}
