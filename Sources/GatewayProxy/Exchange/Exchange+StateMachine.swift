extension Exchange {
    /// Decides when an exchange takes bytes, goes on to its targets, answers and ends.
    ///
    ///     receiving ──whole request──▶ delivering ──last result──▶ answered ──caller gone──▶ ended
    ///
    /// Decides only: the exchange performs the returned action. Ours alone are results while receiving; legal races,
    /// which are ignored, are bytes, results and deadlines after the answer or after the caller has gone.
    struct StateMachine: ~Copyable {
        private var state: State

        init() { self.state = .receiving(bytes: 0) }
        private init(_ state: consuming State) { self.state = state }

        enum OnBody: Equatable { case keep, refuseTooLarge, discard }
        enum OnEnd: Equatable { case deliver, doNothing }
        enum OnResult: Equatable { case answer, record, wait, doNothing }
        enum OnCallerLeft: Equatable { case record, abandonWaiting, doNothing }
        enum OnRefused: Equatable { case answer, doNothing }

        /// Part of the body has come.
        mutating func body(_ count: Int, maximum: Int) -> OnBody {
            switch consume self.state {
            case .receiving(let bytes):
                let total = bytes + count
                self = .init(.receiving(bytes: total))
                return total <= maximum ? .keep : .refuseTooLarge
            case .delivering(let outstanding, let hasCaller):
                self = .init(.delivering(outstanding: outstanding, hasCaller: hasCaller))
                return .discard
            case .answered:
                self = .init(.answered)
                return .discard
            case .ended:
                self = .init(.ended)
                return .discard
            }
        }

        /// The whole request is there and goes to `targets` targets.
        mutating func end(targets: Int) -> OnEnd {
            switch consume self.state {
            case .receiving:
                self = .init(.delivering(outstanding: targets, hasCaller: true))
                return .deliver
            case .delivering(let outstanding, let hasCaller):
                self = .init(.delivering(outstanding: outstanding, hasCaller: hasCaller))
                return .doNothing
            case .answered:
                self = .init(.answered)
                return .doNothing
            case .ended:
                self = .init(.ended)
                return .doNothing
            }
        }

        /// One of the targets has a result.
        mutating func result() -> OnResult {
            switch consume self.state {
            case .delivering(let outstanding, let hasCaller):
                guard outstanding <= 1 else {
                    self = .init(.delivering(outstanding: outstanding - 1, hasCaller: hasCaller))
                    return .wait
                }
                guard hasCaller else {
                    self = .init(.ended)
                    return .record
                }
                self = .init(.answered)
                return .answer
            case .receiving(let bytes):
                self = .init(.receiving(bytes: bytes))
                return .doNothing
            case .answered:
                self = .init(.answered)
                return .doNothing
            case .ended:
                self = .init(.ended)
                return .doNothing
            }
        }

        /// The gateway answers by itself, before anything goes to a target.
        mutating func refused() -> OnRefused {
            switch consume self.state {
            case .receiving:
                self = .init(.answered)
                return .answer
            case .delivering(let outstanding, let hasCaller):
                self = .init(.delivering(outstanding: outstanding, hasCaller: hasCaller))
                return .doNothing
            case .answered:
                self = .init(.answered)
                return .doNothing
            case .ended:
                self = .init(.ended)
                return .doNothing
            }
        }

        /// The stream or its connection is gone.
        mutating func callerLeft() -> OnCallerLeft {
            switch consume self.state {
            case .receiving:
                self = .init(.ended)
                return .record
            case .delivering(let outstanding, let hasCaller):
                self = .init(.delivering(outstanding: outstanding, hasCaller: false))
                return hasCaller ? .abandonWaiting : .doNothing
            case .answered:
                self = .init(.ended)
                return .doNothing
            case .ended:
                self = .init(.ended)
                return .doNothing
            }
        }

        var isReceiving: Bool {
            switch self.state {
            case .receiving: true
            case .delivering: false
            case .answered: false
            case .ended: false
            }
        }

        var isEnded: Bool {
            switch self.state {
            case .ended: true
            case .receiving: false
            case .delivering: false
            case .answered: false
            }
        }
    }
}

extension Exchange.StateMachine {
    fileprivate enum State: ~Copyable {
        case receiving(bytes: Int)
        case delivering(outstanding: Int, hasCaller: Bool)
        case answered
        case ended
    }
}
