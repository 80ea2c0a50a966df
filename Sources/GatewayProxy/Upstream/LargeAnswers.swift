import NIOCore

/// Answers that take milliseconds to be understood, one at a time: what else there is to do has its turn in between.
///
/// A megabyte of JSON is two milliseconds for its event loop. When a hundred such answers are there at once, everybody
/// else would wait for all of them. The first is told at once; others that come close behind wait in the order in which
/// they came. Confined to its event loop.
final class LargeAnswers {
    /// What takes less than half a millisecond is not worth a turn of its own.
    static let bytesMin = 256 * 1024
    /// Long enough that the event loop looks at its sockets.
    private static let pause = TimeAmount.milliseconds(1)

    private let eventLoop: any EventLoop
    private var waiting = CircularBuffer<Attempt>()
    private var isPausing = false

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Has the attempt tell its answer, now or soon.
    func add(_ attempt: Attempt) {
        guard !self.isPausing else {
            self.waiting.append(attempt)
            return
        }
        self.tell(attempt)
    }

    private func tell(_ attempt: Attempt) {
        self.isPausing = true
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.scheduleTask(in: Self.pause) { bound.value.next() }
        attempt.tellAnswer()
    }

    private func next() {
        self.isPausing = false
        if let attempt = self.waiting.popFirst() { self.tell(attempt) }
    }
}
