import NIOCore

/// Runs pieces of work that take milliseconds, one in each turn of the event loop, so that a health check that arrives
/// meanwhile waits for one piece and not for all. Confined to its event loop.
///
/// Not bounded by itself: here each connection adds at most one piece at a time.
final class TurnQueue {
    private let eventLoop: any EventLoop
    private var waiting = CircularBuffer<() -> Void>()
    private var isScheduled = false

    /// An event loop runs all tasks that are due before it looks at its sockets again; one that is due later lets it
    /// look.
    private static let pause = TimeAmount.milliseconds(1)

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func add(_ work: @escaping () -> Void) {
        self.waiting.append(work)
        self.schedule()
    }

    private func schedule() {
        guard !self.isScheduled, !self.waiting.isEmpty else { return }
        self.isScheduled = true
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.scheduleTask(in: Self.pause) { bound.value.doNext() }
    }

    private func doNext() {
        self.isScheduled = false
        self.waiting.popFirst()?()
        self.schedule()
    }
}
