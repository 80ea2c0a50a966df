import NIOEmbedded
import Testing

@testable import GatewayProxy

@Suite("Flushing what a tick brought")
struct FlushQueueTests {
    private final class Output: Flushable {
        var flushes = 0
        var onFlush: () -> Void = {}

        func flush() {
            self.flushes += 1
            self.onFlush()
        }
    }

    private let loop = EmbeddedEventLoop()
    private let output = Output()
    private let queue: FlushQueue

    init() {
        self.queue = FlushQueue(eventLoop: self.loop)
    }

    private func count(messages: Int) {
        for _ in 0..<messages { self.queue.countMessage() }
    }

    @Test("what waits is flushed once at the end of the tick")
    func endOfTick() {
        self.queue.add(self.output)
        self.count(messages: FlushQueue.messagesMax - 1)
        self.queue.flushIfFull()
        #expect(self.output.flushes == 0)
        self.loop.run()
        #expect(self.output.flushes == 1)
    }

    @Test("a full batch leaves before the tick ends, and the next one begins empty")
    func fullBatch() {
        self.queue.add(self.output)
        self.count(messages: FlushQueue.messagesMax)
        self.queue.flushIfFull()
        #expect(self.output.flushes == 1)
        self.queue.add(self.output)
        self.count(messages: 1)
        self.queue.flushIfFull()
        #expect(self.output.flushes == 1)
        self.loop.run()
        #expect(self.output.flushes == 2)
    }

    @Test("what waits again while it is flushed has its own turn in a later tick")
    func flushedAgain() {
        self.output.onFlush = { [queue, output] in
            output.onFlush = {}
            queue.add(output)
        }
        self.queue.add(self.output)
        self.queue.flush()
        #expect(self.output.flushes == 1)
        self.loop.run()
        #expect(self.output.flushes == 2)
    }
}
