import NIOCore

/// Something with output to write at the end of the event loop's tick, or sooner.
protocol Flushable: AnyObject {
    func flush()
}

/// What is to be flushed when what has been read in this tick has been handled: one write for each connection, however
/// many messages it carries. A full batch leaves after the read that filled it: whoever is to read it begins while the
/// next read is handled.
///
/// Confined to its event loop.
final class FlushQueue {
    /// With as many messages a batch is full: they share a write, which is little for each by then. Larger batches save
    /// hardly more, and the vendor, or the caller of the first message, waits until the last one has been translated.
    static let messagesMax = 16

    private let eventLoop: any EventLoop
    private var waiting: [any Flushable] = []
    private var flushing: [any Flushable] = []
    private var isScheduled = false
    private var messages = 0

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Has `flushable` flushed once. Whoever is added twice in a tick is flushed twice: each remembers for itself.
    func add(_ flushable: any Flushable) {
        self.waiting.append(flushable)
        guard !self.isScheduled else { return }
        self.isScheduled = true
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.execute { bound.value.tickEnded() }
    }

    /// A request to a vendor, or an answer to a caller, is among what waits.
    @inline(__always)
    func countMessage() { self.messages += 1 }

    /// Flushes a full batch. To be called between one read and the next: never while a session delivers what it has
    /// read, because a flush may end the connection, and never from within a flush.
    @inline(__always)
    func flushIfFull() {
        if self.messages >= Self.messagesMax { self.flush() }
    }

    /// Flushes at once what waits.
    func flush() {
        self.messages = 0
        // What flushing makes dirty again waits in the other list for its own turn.
        swap(&self.waiting, &self.flushing)
        for flushable in self.flushing { flushable.flush() }
        self.flushing.removeAll(keepingCapacity: true)
    }

    private func tickEnded() {
        self.isScheduled = false
        self.flush()
    }
}
