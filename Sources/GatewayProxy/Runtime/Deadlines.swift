import NIOCore

/// The deadlines of one event loop, and the task that looks at them while there are any.
///
/// Confined to its event loop.
final class Deadlines {
    let clock: LoopClock
    private let eventLoop: any EventLoop
    private let wheel: DeadlineWheel
    private var tick: RepeatedTask?

    init(eventLoop: any EventLoop, clock: LoopClock) {
        self.eventLoop = eventLoop
        self.clock = clock
        self.wheel = DeadlineWheel(now: NIODeadline.now().uptimeNanoseconds)
    }

    /// Sets `deadline`, or moves it.
    func schedule(_ deadline: Deadline, in nanoseconds: UInt64) {
        self.schedule(deadline, at: self.clock.now() &+ nanoseconds)
    }

    /// Sets `deadline`, or moves it, to a moment of the clock's.
    func schedule(_ deadline: Deadline, at nanoseconds: UInt64) {
        if self.wheel.count == 0 { _ = self.wheel.advance(to: self.clock.now()) }
        self.wheel.schedule(deadline, at: nanoseconds)
        self.startTicking()
    }

    /// Takes `deadline` back; one that is not set is left alone.
    func cancel(_ deadline: Deadline) {
        self.wheel.cancel(deadline)
    }

    /// No deadline is told any more.
    func stop() {
        self.tick?.cancel()
        self.tick = nil
    }

    private func startTicking() {
        guard self.tick == nil else { return }
        let interval = TimeAmount.nanoseconds(Int64(DeadlineWheel.nanosecondsPerTick))
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.tick = self.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            bound.value.turn()
        }
    }

    private func turn() {
        for deadline in self.wheel.advance(to: self.clock.now()) where deadline.isReached {
            deadline.deadlineReached()
        }
        if self.wheel.count == 0 { self.stop() }
    }
}
