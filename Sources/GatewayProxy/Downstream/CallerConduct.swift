/// What a connection knows of its caller's giving up, whichever version of HTTP it speaks: see `RapidResets` and
/// `SuspectAddresses`.
///
/// Confined to its worker's event loop.
struct CallerConduct {
    private let environment: DownstreamEnvironment
    private(set) var rapidResets = RapidResets()
    /// Made with the first.
    private(set) var held: HeldRequests?

    init(environment: DownstreamEnvironment) {
        self.environment = environment
    }

    /// Whether a connection with so many requests open may have no further one.
    func isHeldBack(open: Int, address: String) -> Bool {
        open >= self.rapidResets.openMaxIfSuspect
            && self.environment.suspects.isSuspect(address, now: self.environment.clock.now())
    }

    /// A request begins.
    func begin(_ request: CallerRequest, address: String) {
        guard !self.rapidResets.isProven, self.environment.suspects.mayHaveAny,
            self.environment.suspects.isSuspect(address, now: self.environment.clock.now())
        else { return }
        request.probation = .begun
    }

    /// A trusted proxy says where a request comes from. It is judged by what came from there, and neither by what came
    /// from the proxy nor by what others have done who share the connection.
    func believe(_ address: String, of request: CallerRequest) {
        request.believedAddress = address
        let isSuspect = self.environment.suspects.isSuspect(address, now: self.environment.clock.now())
        request.probation = isSuspect ? .begun : .none
    }

    /// A request has come to its end.
    ///
    /// - Returns: whether it is held; in the ordinary case it is not, and goes on at once.
    mutating func holds(_ request: CallerRequest, address: String) -> Bool {
        guard request.probation == .begun, request.isReceiving else { return false }
        request.hasReceivedEnd = true
        request.endedAt = self.environment.clock.now()
        let held = self.held ?? HeldRequests(environment: self.environment, address: address)
        self.held = held
        held.hold(request)
        return true
    }

    /// Nothing more becomes of a request: its caller has its answer, or has given it up.
    ///
    /// - Returns: whether the connection has gone too far.
    mutating func over(_ request: CallerRequest, address: String) -> Bool {
        if request.probation != .none {
            if request.probation == .admitted {
                self.environment.suspects.settled(request.believedAddress ?? address)
            }
            request.probation = .passed
        }
        if request.isAnswered, request.unsentBytes == 0 || request.isCutOff {
            if request.asksVendors, !request.isCutOff { self.rapidResets.answered() }
            return false
        }
        return self.givenUp(request, address: address)
    }

    private mutating func givenUp(_ request: CallerRequest, address: String) -> Bool {
        let count = request.requestsToVendors
        guard request.hasReceivedEnd || count > 0 else { return false }
        let now = self.environment.clock.now()
        let since = request.endedAt > 0 ? request.endedAt : request.startedAt
        let age = now &- min(now, since)
        if let believed = request.believedAddress {
            // The connection is others' too, and goes on.
            if age < RapidResets.soonNanoseconds {
                self.environment.suspects.noteReset(believed, inVain: count, now: now)
            }
            return false
        }
        // Who has taken twice as many answers as it gives up is a client that closes a page, or is closed itself.
        guard self.rapidResets.reset(age: age), self.rapidResets.isMoreThanHalf else { return false }
        self.environment.suspects.noteReset(address, inVain: count, now: now)
        return self.rapidResets.isTooMuch || self.environment.suspects.isSuspect(address, now: now)
    }

    /// The connection is gone; `over` has been told of its requests, or is.
    mutating func close() {
        self.held?.close()
        self.held = nil
    }
}
