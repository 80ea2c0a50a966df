import NIOCore

/// Does work that takes milliseconds piece by piece, one in each turn of the event loop: whatever comes meanwhile waits
/// for one piece, not for all. Confined to its event loop.
///
/// Who adds must see to it that there is never much: here a connection has at most one piece waiting.
final class TurnQueue {
    private let eventLoop: any EventLoop
    private var waiting = CircularBuffer<() -> Void>()
    private var isScheduled = false

    /// Not at once: an event loop runs what it is given before it looks at its sockets again.
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
