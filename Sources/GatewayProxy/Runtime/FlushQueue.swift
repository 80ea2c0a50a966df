import NIOCore

/// Something with output to write at the end of the event loop's tick.
protocol Flushable: AnyObject {
    func flush()
}

/// What is to be flushed when everything that has been read in this tick has been handled: one write for each
/// connection, however many answers it carries.
///
/// Confined to its event loop.
final class FlushQueue {
    private let eventLoop: any EventLoop
    private var waiting: [any Flushable] = []
    private var flushing: [any Flushable] = []
    private var isScheduled = false

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Has `flushable` flushed once. Whoever is added twice in a tick is flushed twice: each remembers for itself.
    func add(_ flushable: any Flushable) {
        self.waiting.append(flushable)
        guard !self.isScheduled else { return }
        self.isScheduled = true
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.execute { bound.value.flush() }
    }

    /// Flushes at once what waits.
    func flush() {
        self.isScheduled = false
        // What flushing makes dirty again waits in the other list for its own turn.
        swap(&self.waiting, &self.flushing)
        for flushable in self.flushing { flushable.flush() }
        self.flushing.removeAll(keepingCapacity: true)
    }
}
