import Synchronization

/// Why everything is to be read again.
struct ReloadCause: Equatable {
    /// Somebody asked for it (SIGHUP).
    var isAsked = false
    /// The files that have changed, in the order in which that was noticed.
    var files: [String] = []

    static let asked = ReloadCause(isAsked: true)

    static func changed(_ files: [String]) -> ReloadCause { ReloadCause(files: files) }

    mutating func add(_ other: ReloadCause) {
        self.isAsked = self.isAsked || other.isAsked
        self.files += other.files.filter { !self.files.contains($0) }
    }
}

/// Puts together what asks for a reload: however many ask, one reload is under way and at most one waits.
///
/// A reload reads everything, so the one that waits serves all who asked meanwhile. Any thread may ask; one task
/// serves.
final class ReloadRequests: Sendable {
    private let waiting = Mutex<ReloadCause?>(nil)
    private let wakeups: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    init() {
        (self.wakeups, self.wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func ask(_ cause: ReloadCause) {
        self.waiting.withLock { waiting in
            guard waiting != nil else {
                waiting = cause
                return
            }
            waiting?.add(cause)
        }
        self.wake.yield()
    }

    /// Carries out what is asked for, one reload after the other, until the task is cancelled.
    func serve(_ reload: (ReloadCause) async -> Void) async {
        for await _ in self.wakeups {
            let cause = self.waiting.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            if let cause { await reload(cause) }
        }
    }
}
