import GatewayJSON
import NIOCore

/// Answers that take milliseconds to be understood, one at a time and each in slices: what else there is to do has its
/// turn in between.
///
/// A megabyte of JSON is two milliseconds for its event loop. When a hundred such answers are there at once, everybody
/// else would wait for all of them. The first is begun at once; others that come close behind wait in the order in
/// which they came. Confined to its event loop.
final class LargeAnswers {
    /// What takes less than half a millisecond is not worth a turn of its own.
    static let bytesMin = 256 * 1024
    /// Values and names that are parsed in a turn: half a millisecond's worth of a product.
    static let entriesPerTurn = 8192
    /// Long enough that the event loop looks at its sockets.
    private static let pause = TimeAmount.milliseconds(1)

    private let eventLoop: any EventLoop
    private var waiting = CircularBuffer<Attempt>()
    private var isPausing = false
    /// Those by which answers are read.
    var limits: JSONLimits

    init(eventLoop: any EventLoop, limits: JSONLimits) {
        self.eventLoop = eventLoop
        self.limits = limits
    }

    /// Has the attempt tell its answer, now or soon.
    func add(_ attempt: Attempt) {
        guard !self.isPausing else {
            self.waiting.append(attempt)
            return
        }
        self.takeTurn(attempt, isFirst: true)
    }

    /// Parses on, or tells what has been parsed: after more than one turn it is told in one of its own.
    private func takeTurn(_ attempt: Attempt, isFirst: Bool) {
        self.isPausing = true
        let isToBeTold = attempt.isParsed || attempt.parse(self.limits, entriesMax: Self.entriesPerTurn) && isFirst
        let bound = NIOLoopBound((self, isToBeTold ? nil : attempt), eventLoop: self.eventLoop)
        self.eventLoop.scheduleTask(in: Self.pause) {
            let (answers, attempt) = bound.value
            answers.next(attempt)
        }
        if isToBeTold { attempt.tellAnswer() }
    }

    private func next(_ unfinished: Attempt?) {
        self.isPausing = false
        if let unfinished {
            self.takeTurn(unfinished, isFirst: false)
        } else if let attempt = self.waiting.popFirst() {
            self.takeTurn(attempt, isFirst: true)
        }
    }
}
