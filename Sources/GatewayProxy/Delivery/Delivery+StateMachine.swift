extension Delivery {
    /// Decides what a delivery does next.
    ///
    ///                      ┌─────────────────── token, pause over ──────────────────────┐
    ///     idle ──▶ awaitingTurn ──▶ awaitingToken ──▶ awaitingGate ──▶ awaitingPermit ──▶ attempting ──▶ pausing
    ///                                                                                       │
    ///                                                                                       └──▶ finished
    ///
    /// A vendor that replaces whole products is read first (`phase`), and read again before a write is repeated: what
    /// was merged may be older than somebody else's change by then. A target that has failed too often may be probed
    /// before either, by a request that changes nothing. What may have been done is looked up at the end, where the
    /// vendor can be asked. A delivery that carries the lines of a batch has no product of its own: its answer is taken
    /// apart for theirs. Decides only: the delivery performs the returned action. Time and randomness are inputs.
    /// Legal races, which are ignored: turns, tokens, gates and deadlines that come too late.
    struct StateMachine {
        enum State: Equatable {
            case idle, awaitingTurn, awaitingToken, awaitingGate, awaitingPermit, attempting, probing, pausing, finished
        }
        enum Phase: Equatable { case reading, lookingUp, writing, carrying }

        private(set) var state = State.idle
        private(set) var phase = Phase.writing
        /// A write went out and brought no answer: whatever comes later, the vendor may have acted on it.
        private(set) var mayHaveActed = false
        /// How many requests went to the vendor, or tried to.
        private(set) var attemptsMade = 0
        /// Reading and writing have their tries each; every read has its own.
        private var readTries = 0
        private var writeTries = 0
        /// Writes that were refused because the product had changed since it was read.
        private var rereads = 0
        private var readsFirst = false
        private var changesNothing = false

        /// Somebody else changes the product again and again: telling the caller is better than going on.
        static let rereadsMax = 2

        enum OnStart: Equatable { case takeTurn, authorise, doNothing }
        enum OnTurn: Equatable { case authorise, giveBack }
        enum OnToken: Equatable { case attempt, doNothing }
        enum OnGate: Equatable { case attempt, giveBack }
        enum OnAnswer: Equatable { case renewToken, merge, readAgain, fold, takeApart, lookedUp, doNothing }
        enum OnFailure: Equatable { case pause(nanoseconds: UInt64), finish, doNothing }
        enum OnDeadline: Equatable {
            case authorise, giveUpTurn, giveUpToken, giveUpGate, giveUpPermit, doNothing
        }
        enum OnCallerLeft: Equatable { case finish, finishIfUnsent, doNothing }
        enum OnCut: Equatable { case finish, finishUnlessUnsent, doNothing }

        /// The request is translated and may be sent.
        ///
        /// - Parameters:
        ///   - readsFirst: the vendor replaces whole products.
        ///   - changesNothing: the request itself only reads.
        mutating func start(readsFirst: Bool, changesNothing: Bool = false) -> OnStart {
            guard self.state == .idle else { return .doNothing }
            self.readsFirst = readsFirst
            self.changesNothing = changesNothing
            if readsFirst { self.phase = .reading }
            return readsFirst ? .takeTurn : .authorise
        }

        /// The request carries the changes of several lines, and its answer is taken apart for them.
        mutating func startCarrying() -> OnStart {
            guard self.state == .idle else { return .doNothing }
            self.phase = .carrying
            return .authorise
        }

        /// What the change has been through in a request with others.
        mutating func wasCarried(by carrier: StateMachine) {
            self.attemptsMade += carrier.attemptsMade
            if carrier.mayHaveActed { self.mayHaveActed = true }
        }

        /// Somebody else is at the product.
        mutating func turnAwaited() {
            if self.state == .idle { self.state = .awaitingTurn }
        }

        /// It is this delivery's turn at the product.
        mutating func turnArrived() -> OnTurn {
            guard self.state == .awaitingTurn else { return .giveBack }
            self.state = .idle
            return .authorise
        }

        /// There is no token at hand.
        mutating func tokenAwaited() {
            if self.state != .finished { self.state = .awaitingToken }
        }

        /// A token has come, or there will be none.
        mutating func tokenArrived() -> OnToken {
            guard self.state == .awaitingToken else { return .doNothing }
            self.state = .idle
            return .attempt
        }

        /// The target takes no further attempt for the moment.
        mutating func gateAwaited() {
            if self.state != .finished { self.state = .awaitingGate }
        }

        /// Somebody has to agree before a change goes out, and takes time.
        mutating func permitAwaited() {
            if self.state != .finished { self.state = .awaitingPermit }
        }

        /// Whether the change may go out is decided.
        mutating func permitArrived() -> OnToken {
            guard self.state == .awaitingPermit else { return .doNothing }
            self.state = .idle
            return .attempt
        }

        /// The target takes this attempt.
        mutating func gateOpened() -> OnGate {
            guard self.state == .awaitingGate else { return .giveBack }
            self.state = .idle
            return .attempt
        }

        /// The target will not take this attempt.
        ///
        /// - Returns: whether anybody waited for it.
        mutating func gateShut() -> Bool {
            guard self.state == .awaitingGate else { return false }
            self.state = .idle
            return true
        }

        /// A request goes out that only shows whether the target is back.
        mutating func probeStarted() {
            guard self.state != .finished else { return }
            self.state = .probing
            self.attemptsMade += 1
        }

        /// - Returns: whether anybody waits for what it has shown.
        mutating func probeEnded() -> Bool {
            guard self.state == .probing else { return false }
            self.state = .idle
            return true
        }

        /// A request goes out.
        mutating func attemptStarted() {
            guard self.state != .finished else { return }
            self.state = .attempting
            self.attemptsMade += 1
            switch self.phase {
            case .reading: self.readTries += 1
            case .writing, .carrying: self.writeTries += 1
            case .lookingUp: break
            }
        }

        /// The vendor has answered.
        ///
        /// - Parameters:
        ///   - mayRenewToken: a new token is worth a try, where the one at hand is refused.
        ///   - hasVersion: the status refuses the write because the product has changed since it was read, at the
        ///     gateway's own wish.
        mutating func answered(status: Int, mayRenewToken: Bool, hasVersion: Bool) -> OnAnswer {
            guard self.state == .attempting else { return .doNothing }
            self.state = .idle
            if status == 401, mayRenewToken { return .renewToken }
            switch self.phase {
            case .reading: return .merge
            case .lookingUp: return .lookedUp
            case .carrying: return .takeApart
            case .writing: break
            }
            if status >= 400, hasVersion, self.rereads < Self.rereadsMax {
                self.rereads += 1
                self.phase = .reading
                return .readAgain
            }
            return .fold
        }

        /// What became of the change is to be looked up, before anybody is told that nobody knows. Once.
        ///
        /// - Returns: whether it is.
        mutating func lookUp() -> Bool {
            guard self.state == .idle, self.phase == .writing, !self.changesNothing else { return false }
            self.phase = .lookingUp
            return true
        }

        /// One of several requests of a change has been done, and the next one goes out. What is done stays: it is not
        /// read again for it.
        mutating func nextRequest() {
            self.writeTries = 0
            self.readsFirst = false
            self.phase = .writing
        }

        /// What was read has been merged with the update.
        mutating func merged() {
            self.phase = .writing
            self.readTries = 0
        }

        /// The attempt brought no answer, or one after which it is made again.
        ///
        /// - Parameters:
        ///   - mayHaveActed: the vendor may have acted on it, as far as the result shows.
        ///   - pause: before it is made again; nil where it is not.
        mutating func failed(mayHaveActed: Bool, pauseNanoseconds pause: UInt64?) -> OnFailure {
            guard self.state == .attempting else { return .doNothing }
            self.state = .idle
            // Reading changes nothing, whatever became of it.
            if self.isChanging, mayHaveActed { self.mayHaveActed = true }
            guard let pause else { return .finish }
            self.state = .pausing
            return .pause(nanoseconds: pause)
        }

        /// Of what is done now, the one under way included.
        var tries: Int { self.phase == .reading ? self.readTries : self.writeTries }

        /// The time for whatever is waited for outside an attempt is over.
        mutating func deadline() -> OnDeadline {
            switch self.state {
            case .pausing:
                self.state = .idle
                if self.readsFirst, self.phase == .writing { self.phase = .reading }
                return .authorise
            case .awaitingTurn: return .giveUpTurn
            case .awaitingToken: return .giveUpToken
            case .awaitingGate: return .giveUpGate
            case .awaitingPermit: return .giveUpPermit
            case .idle, .attempting, .probing, .finished: return .doNothing
            }
        }

        /// The caller has gone: what is not on its way need not be sent.
        func callerLeft() -> OnCallerLeft {
            switch self.state {
            case .awaitingTurn, .awaitingToken, .awaitingGate, .awaitingPermit, .pausing: .finish
            case .attempting, .probing: .finishIfUnsent
            case .idle, .finished: .doNothing
            }
        }

        /// The gateway's time to stop is over.
        func cut() -> OnCut {
            switch self.state {
            // Reading changes nothing, and what is only waiting has not been sent.
            case .attempting where self.isChanging: .finishUnlessUnsent
            case .idle, .awaitingTurn, .awaitingToken, .awaitingGate, .awaitingPermit, .attempting, .probing, .pausing:
                .finish
            case .finished: .doNothing
            }
        }

        /// Whether what is sent now may change the product.
        var isChanging: Bool {
            switch self.phase {
            case .reading, .lookingUp: false
            case .writing, .carrying: !self.changesNothing
            }
        }

        /// A write that is under way is given up by the gateway.
        mutating func writeGivenUp() {
            self.mayHaveActed = true
        }

        /// There is a result, or nobody wants one.
        ///
        /// - Returns: whether that is news.
        mutating func finished() -> Bool {
            guard self.state != .finished else { return false }
            self.state = .finished
            return true
        }
    }
}
