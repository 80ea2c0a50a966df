/// Something that must have happened by a certain time, or else.
///
/// A class to inherit from, so that an exchange costs no further object for each of its deadlines. Confined to one
/// event loop.
class Deadline {
    fileprivate var tick: UInt64 = 0
    /// Its neighbours in the wheel, which keeps all of them alive while they are in it.
    fileprivate var next: Unmanaged<Deadline>?
    fileprivate var previous: Unmanaged<Deadline>?
    fileprivate(set) var isScheduled = false
    /// It has been taken out as reached and not been told yet; cancelling or moving it still helps.
    fileprivate(set) var isReached = false
    /// When it is due, in nanoseconds, to the tick.
    var dueAt: UInt64 { self.tick * DeadlineWheel.nanosecondsPerTick }

    /// The time has come; the deadline is not scheduled any more.
    func deadlineReached() {}
}

/// A hashed timing wheel: setting and cancelling a deadline costs the same few steps however many there are.
///
/// Every request sets and cancels deadlines that are almost never reached, which is what a wheel is good at and a heap
/// of scheduled tasks is not. Deadlines are kept to the next full tick, never early. Keeps its entries alive until they
/// are cancelled or reached. Time is an input; confined to one event loop.
final class DeadlineWheel {
    /// 50 ms: a hundredth of the shortest time-outs that operators configure.
    static let nanosecondsPerTick: UInt64 = 50_000_000
    /// One turn is 25.6 s, longer than most time-outs; longer ones are looked at once a turn.
    private static let slotCount = 512

    private var slots: [Unmanaged<Deadline>?]
    private var currentTick: UInt64
    private(set) var count = 0

    init(now nanoseconds: UInt64) {
        self.slots = Array(repeating: nil, count: Self.slotCount)
        self.currentTick = nanoseconds / Self.nanosecondsPerTick
    }

    deinit {
        for slot in self.slots {
            var entry = slot
            while let deadline = entry {
                entry = deadline._withUnsafeGuaranteedRef { $0.next }
                deadline.release()
            }
        }
    }

    /// Sets `deadline` to `nanoseconds`; a deadline that is set already moves.
    func schedule(_ deadline: Deadline, at nanoseconds: UInt64) {
        deadline.isReached = false
        let tick = max(
            self.currentTick + 1,
            (nanoseconds &+ (Self.nanosecondsPerTick - 1)) / Self.nanosecondsPerTick)
        if deadline.isScheduled {
            guard deadline.tick != tick else { return }
            self.takeOut(deadline)
        } else {
            // The wheel's own reference, whatever slot it is in.
            _ = Unmanaged.passRetained(deadline)
            deadline.isScheduled = true
            self.count += 1
        }
        deadline.tick = tick
        let slot = Self.slot(of: tick)
        let entry = Unmanaged.passUnretained(deadline)
        let next = self.slots[slot]
        next?._withUnsafeGuaranteedRef { $0.previous = entry }
        deadline.next = next
        deadline.previous = nil
        self.slots[slot] = entry
    }

    /// Takes `deadline` back; one that is not set is left alone.
    func cancel(_ deadline: Deadline) {
        deadline.isReached = false
        guard deadline.isScheduled else { return }
        self.takeOut(deadline)
        deadline.isScheduled = false
        self.count -= 1
        Unmanaged.passUnretained(deadline).release()
    }

    private static func slot(of tick: UInt64) -> Int { Int(tick % UInt64(Self.slotCount)) }

    private func takeOut(_ deadline: Deadline) {
        let next = deadline.next
        let previous = deadline.previous
        next?._withUnsafeGuaranteedRef { $0.previous = previous }
        if let previous {
            previous._withUnsafeGuaranteedRef { $0.next = next }
        } else {
            self.slots[Self.slot(of: deadline.tick)] = next
        }
        deadline.next = nil
        deadline.previous = nil
    }

    /// Moves the wheel to `nanoseconds` and returns the deadlines that were passed.
    ///
    /// The caller tells each of them that still `isReached` by then: one may have taken another back.
    func advance(to nanoseconds: UInt64) -> [Deadline] {
        let target = nanoseconds / Self.nanosecondsPerTick
        guard target > self.currentTick else { return [] }
        var reached: [Deadline] = []
        // After a long pause every slot is looked at once, not once for each tick that was missed.
        let turn = UInt64(Self.slotCount - 1)
        let first = max(self.currentTick + 1, target >= turn ? target - turn : 0)
        for tick in first...target {
            var entry = self.slots[Self.slot(of: tick)]
            while let deadline = entry?.takeUnretainedValue() {
                entry = deadline.next
                if deadline.tick <= target {
                    self.cancel(deadline)
                    deadline.isReached = true
                    reached.append(deadline)
                }
            }
        }
        self.currentTick = target
        return reached
    }
}
