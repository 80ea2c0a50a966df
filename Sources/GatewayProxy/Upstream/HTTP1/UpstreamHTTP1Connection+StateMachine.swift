extension UpstreamHTTP1Connection {
    /// Decides what becomes of one exchange at a time, and of the connection after it.
    ///
    ///     idle ──requestStarted──▶ underWay ──answerEnded──▶ answered ──answerTaken──▶ idle, or closed
    ///
    /// Decides only: the connection performs the returned action. Legal races, which are ignored: a request that is
    /// written when its answer is there already, whatever comes after the close. What the decoder never does (an end
    /// without a head, two heads) counts as the vendor's fault.
    struct StateMachine: ~Copyable {
        private var state = State.idle

        enum OnInterim: Equatable { case ignore, giveUp }
        enum OnHead: Equatable { case takeHead, giveUp }
        enum OnEnd: Equatable { case waitForMore, cutShort }
        enum OnAnswerTaken: Equatable { case reuse, close, doNothing }

        /// Vendors send one 100 or a few 103; each costs us a little, and the attempt's time-out bounds the rest.
        static let interimAnswersMax = 16

        var isIdle: Bool {
            if case .idle = self.state { true } else { false }
        }

        /// Whether bytes from the vendor answer anything.
        var expectsBytes: Bool {
            if case .underWay = self.state { true } else { false }
        }

        /// The answer is complete, and what else came in the same read has not been looked at.
        var isAnswered: Bool {
            if case .answered = self.state { true } else { false }
        }

        /// A request goes out; false when it may not.
        mutating func requestStarted() -> Bool {
            switch self.state {
            case .idle:
                self.state = .underWay(Exchange())
                return true
            case .underWay, .answered, .closed:
                return false
            }
        }

        /// The request has left for the kernel, whole.
        mutating func requestWritten() {
            switch self.state {
            case .underWay(var exchange):
                exchange.isWritten = true
                self.state = .underWay(exchange)
            case .answered(var exchange):
                exchange.isWritten = true
                self.state = .answered(exchange)
            case .idle, .closed:
                break
            }
        }

        /// An answer with a status of 1xx came.
        mutating func interimReceived() -> OnInterim {
            switch self.state {
            case .underWay(var exchange):
                exchange.interimAnswers += 1
                self.state = .underWay(exchange)
                return exchange.interimAnswers > Self.interimAnswersMax || exchange.hasHead ? .giveUp : .ignore
            case .answered, .idle:
                return .giveUp
            case .closed:
                return .ignore
            }
        }

        /// The answer's status and fields came.
        ///
        /// - Parameters:
        ///   - keepsAlive: the vendor would take another request after it.
        ///   - endsAtClose: nothing but the connection's end tells the body's.
        mutating func headReceived(keepsAlive: Bool, endsAtClose: Bool) -> OnHead {
            switch self.state {
            case .underWay(var exchange):
                let isSecond = exchange.hasHead
                exchange.hasHead = true
                exchange.keepsAlive = keepsAlive && !endsAtClose
                exchange.endsAtClose = endsAtClose
                self.state = .underWay(exchange)
                return isSecond ? .giveUp : .takeHead
            case .answered, .idle, .closed:
                return .giveUp
            }
        }

        /// The answer came to its end.
        ///
        /// - Parameter closedCleanly: whether the vendor, if it has closed, has said so (over TLS: `close_notify`); a
        ///   body that the close ends may have been cut short by anybody otherwise (RFC 9112 section 9.8).
        mutating func answerEnded(closedCleanly: Bool) -> OnEnd {
            switch self.state {
            case .underWay(let exchange):
                guard exchange.hasHead, !exchange.endsAtClose || closedCleanly else { return .cutShort }
                self.state = .answered(exchange)
                return .waitForMore
            case .idle:
                return .cutShort
            case .answered, .closed:
                return .waitForMore
            }
        }

        /// All that came with the end of the answer has been looked at.
        ///
        /// - Parameter isClean: nothing stood behind the answer. What nobody asked for could be taken for the next
        ///   answer otherwise.
        mutating func answerTaken(isClean: Bool) -> OnAnswerTaken {
            switch self.state {
            case .answered(let exchange):
                // An answer that did not wait for the whole request: the rest of it would be read as the next one.
                guard isClean, exchange.keepsAlive, exchange.isWritten else {
                    self.state = .closed
                    return .close
                }
                self.state = .idle
                return .reuse
            case .underWay, .idle, .closed:
                return .doNothing
            }
        }

        /// The connection is of no more use.
        mutating func closed() {
            self.state = .closed
        }
    }
}

extension UpstreamHTTP1Connection.StateMachine {
    fileprivate enum State {
        case idle
        case underWay(Exchange)
        case answered(Exchange)
        case closed
    }

    fileprivate struct Exchange {
        var isWritten = false
        var hasHead = false
        var keepsAlive = false
        var endsAtClose = false
        var interimAnswers = 0
    }
}
