extension Exchange {
    /// Decides when an exchange takes bytes, goes on to its targets, answers and ends.
    ///
    ///     admitting ──admitted──▶ receiving ──whole request──▶ delivering ──last result──▶ answered ──stream over──▶
    ///     ended
    ///
    /// A request that is whole before it is admitted goes on to its targets when it is. One with an idempotency key is
    /// `claiming` in between, until it is known what became of earlier ones. A stream of updates is `streaming` instead
    /// of receiving and delivering, and answers meanwhile. Decides only: the exchange
    /// performs the returned action. Results while receiving would be our own mistake; legal races, which are ignored,
    /// are bytes, admissions, results and deadlines after the answer or after the caller has gone.
    struct StateMachine {
        enum State: Equatable {
            case admitting(isWhole: Bool)
            case receiving
            case claiming(targets: Int)
            case delivering(outstanding: Int, hasCaller: Bool)
            case streaming(hasCaller: Bool)
            case answered
            case ended
        }

        private(set) var state = State.admitting(isWhole: false)
        /// Of the body, as far as it was kept.
        private var bytes = 0

        enum OnAdmitted: Equatable { case receive, deliver, stream(isWhole: Bool), doNothing }
        enum OnBody: Equatable { case keep, keepWithoutCredit, refuseTooLarge, stream, discard }
        enum OnEnd: Equatable { case deliver, endStream, doNothing }
        enum OnResult: Equatable { case answer, record, wait, doNothing }
        enum OnCallerLeft: Equatable { case record, recordAnswer, abandonWaiting, abandonStream, doNothing }
        enum OnRefused: Equatable { case answer, endStream, doNothing }
        enum OnStreamEnded: Equatable { case answered, recordAbandoned, doNothing }

        /// The request may come in; it is about `targets` targets.
        mutating func admitted(targets: Int, isStream: Bool = false) -> OnAdmitted {
            switch self.state {
            case .admitting(let isWhole) where isStream:
                self.state = .streaming(hasCaller: true)
                return .stream(isWhole: isWhole)
            case .admitting(isWhole: false):
                self.state = .receiving
                return .receive
            case .admitting(isWhole: true):
                self.state = .delivering(outstanding: targets, hasCaller: true)
                return .deliver
            case .receiving, .claiming, .delivering, .streaming, .answered, .ended:
                return .doNothing
            }
        }

        /// Part of the body has come.
        mutating func body(_ count: Int, maximum: Int) -> OnBody {
            switch self.state {
            case .admitting, .receiving:
                self.bytes += count
                guard self.bytes <= maximum else { return .refuseTooLarge }
                return self.state == .receiving ? .keep : .keepWithoutCredit
            case .streaming(hasCaller: true):
                return .stream
            case .streaming(hasCaller: false), .claiming, .delivering, .answered, .ended:
                return .discard
            }
        }

        /// The whole request is there; it is about `targets` targets.
        mutating func end(targets: Int) -> OnEnd {
            switch self.state {
            case .receiving:
                self.state = .delivering(outstanding: targets, hasCaller: true)
                return .deliver
            case .admitting:
                self.state = .admitting(isWhole: true)
                return .doNothing
            case .streaming(hasCaller: true):
                return .endStream
            case .streaming(hasCaller: false), .claiming, .delivering, .answered, .ended:
                return .doNothing
            }
        }

        /// The whole request is there, and its key is asked for.
        mutating func claimAwaited() {
            if case .delivering(let targets, hasCaller: true) = self.state { self.state = .claiming(targets: targets) }
        }

        /// It is known what is to be done with each target.
        mutating func claimed() -> OnEnd {
            guard case .claiming(let targets) = self.state else { return .doNothing }
            self.state = .delivering(outstanding: targets, hasCaller: true)
            return .deliver
        }

        /// One of the targets has a result.
        mutating func result() -> OnResult {
            switch self.state {
            case .delivering(let outstanding, let hasCaller) where outstanding > 1:
                self.state = .delivering(outstanding: outstanding - 1, hasCaller: hasCaller)
                return .wait
            case .delivering(_, hasCaller: true):
                self.state = .answered
                return .answer
            case .delivering(_, hasCaller: false):
                self.state = .ended
                return .record
            case .admitting, .receiving, .claiming, .streaming, .answered, .ended:
                return .doNothing
            }
        }

        /// A stream has its last result.
        mutating func streamEnded() -> OnStreamEnded {
            switch self.state {
            case .streaming(hasCaller: true):
                self.state = .answered
                return .answered
            case .streaming(hasCaller: false):
                self.state = .ended
                return .recordAbandoned
            case .admitting, .receiving, .claiming, .delivering, .answered, .ended:
                return .doNothing
            }
        }

        /// The gateway answers by itself, before anything goes to a target.
        mutating func refused() -> OnRefused {
            switch self.state {
            case .admitting, .receiving, .claiming:
                self.state = .answered
                return .answer
            case .streaming(hasCaller: true):
                return .endStream
            case .streaming(hasCaller: false), .delivering, .answered, .ended:
                return .doNothing
            }
        }

        /// The stream or its connection is gone.
        mutating func callerLeft() -> OnCallerLeft {
            switch self.state {
            case .admitting, .receiving, .claiming:
                self.state = .ended
                return .record
            case .delivering(let outstanding, hasCaller: true):
                self.state = .delivering(outstanding: outstanding, hasCaller: false)
                return .abandonWaiting
            case .streaming(hasCaller: true):
                self.state = .streaming(hasCaller: false)
                return .abandonStream
            case .answered:
                self.state = .ended
                return .recordAnswer
            case .delivering(_, hasCaller: false), .streaming(hasCaller: false), .ended:
                return .doNothing
            }
        }

        var isReceiving: Bool {
            switch self.state {
            case .admitting, .receiving: true
            case .claiming, .delivering, .streaming, .answered, .ended: false
            }
        }

        var isClaiming: Bool { if case .claiming = self.state { true } else { false } }
        var isAdmitting: Bool { if case .admitting = self.state { true } else { false } }
        var isDelivering: Bool { if case .delivering = self.state { true } else { false } }
        /// Vendors are at work for a caller that has gone.
        var hasLostCaller: Bool { if case .delivering(_, hasCaller: false) = self.state { true } else { false } }
        var isAnswered: Bool { self.state == .answered }
        var isEnded: Bool { self.state == .ended }
    }
}
