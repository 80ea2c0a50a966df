import NIOCore

/// Requests of one connection that are on probation (`SuspectAddresses`): each goes on when its caller has stayed for a
/// moment after its end.
///
/// Whoever sends requests to give them up at once has gone by then, and no vendor hears of them; a neighbour behind the
/// same address notices a tenth of a second. Confined to its worker's event loop.
final class HeldRequests: Deadline {
    /// Longer than a rapid reset takes, shorter than anybody waits who wants an answer.
    static let stayNanoseconds: UInt64 = 100_000_000

    private let environment: DownstreamEnvironment
    private let address: String
    /// In the order of their ends. Those that were given up stay until it would have been their turn: not longer than
    /// a tenth of a second, and a connection on probation has few.
    private var waiting = CircularBuffer<CallerRequest>()

    init(environment: DownstreamEnvironment, address: String) {
        self.environment = environment
        self.address = address
    }

    /// Takes a request that has come to its end, at `endedAt`.
    func hold(_ request: CallerRequest) {
        request.probation = .held
        self.waiting.append(request)
        if !self.isScheduled { self.schedule(request) }
    }

    /// The connection is gone.
    func close() {
        self.environment.deadlines.cancel(self)
        self.waiting.removeAll()
    }

    override func deadlineReached() {
        let now = self.environment.clock.now()
        while let request = self.waiting.first, request.endedAt &+ Self.stayNanoseconds <= now {
            self.waiting.removeFirst()
            if request.probation == .held { self.release(request, now: now) }
        }
        if let next = self.waiting.first { self.schedule(next) }
    }

    private func schedule(_ request: CallerRequest) {
        self.environment.deadlines.schedule(self, at: request.endedAt &+ Self.stayNanoseconds)
    }

    private func release(_ request: CallerRequest, now: UInt64) {
        if request.isAnswered {
            request.probation = .passed
        } else if self.environment.suspects.admit(request.believedAddress ?? self.address, now: now) {
            request.probation = .admitted
            request.receiveEnd()
        } else {
            request.probation = .passed
            request.refuse(.addressSuspect)
        }
    }
}
