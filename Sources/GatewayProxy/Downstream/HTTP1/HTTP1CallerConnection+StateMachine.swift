extension HTTP1CallerConnection {
    /// Decides whose turn it is on an HTTP/1.1 connection: which request is taken, when it is answered, and what
    /// follows.
    ///
    ///     idle ──bytes──▶ reading ──head──▶ exchanging ──last one over──▶ lingering ──▶ closed
    ///      ▲                                    │
    ///      └────── request and answer over ─────┘
    ///
    /// One request at a time: what is pipelined behind it waits (RFC 9112 section 9.3.2). Decides only: the connection
    /// performs the returned action. The decoder's alone are a head within a request and a body without one; legal
    /// races, which are ignored, are whatever comes while lingering, and a drain or a deadline after the end.
    struct StateMachine: ~Copyable {
        private(set) var state = State.idle(isDraining: false)

        /// What is still to come of a request that gets its answer.
        enum Rest {
            /// So little that the connection can be used again when it has come.
            case short
            case long
            /// The caller holds it back and will not be asked for it.
            case heldBack
        }

        enum OnBytes: Equatable { case startHeaderDeadline, doNothing }
        enum OnHead: Equatable { case begin, discard }
        enum OnBody: Equatable { case take, discard }
        enum OnEnd: Equatable { case endRequest, next, linger, doNothing }
        enum OnMalformed: Equatable { case refuse, refuseCurrent, linger, doNothing }
        enum OnAnswer: Equatable { case write(isLast: Bool), doNothing }
        enum OnWritten: Equatable { case next, awaitRest, linger, doNothing }
        enum OnDrain: Equatable { case awaitRequest, doNothing }
        enum OnDeadline: Equatable { case refuseSlowHead, linger, close, doNothing }

        /// Whether what comes now belongs to a later request and has to wait.
        var isBusy: Bool {
            if case .exchanging(let exchange) = self.state { exchange.request == .complete } else { false }
        }

        /// Bytes of the caller have come.
        mutating func bytes() -> OnBytes {
            switch self.state {
            case .idle(let isDraining):
                self.state = .reading(isDraining: isDraining)
                return .startHeaderDeadline
            case .reading, .exchanging, .lingering, .closed:
                return .doNothing
            }
        }

        /// A request's line and fields are whole.
        ///
        /// - Parameter isLast: the connection ends with its answer (RFC 9112 section 9.3).
        mutating func head(isLast: Bool) -> OnHead {
            switch self.state {
            case .idle(let isDraining), .reading(let isDraining):
                self.state = .exchanging(Exchanging(isLast: isLast || isDraining))
                return .begin
            case .exchanging, .lingering, .closed:
                return .discard
            }
        }

        /// Part of the body has come.
        func body() -> OnBody {
            switch self.state {
            case .exchanging(let exchange) where exchange.request == .receiving && exchange.takesRequest:
                return .take
            case .idle, .reading, .exchanging, .lingering, .closed:
                return .discard
            }
        }

        /// The request is complete.
        mutating func end() -> OnEnd {
            switch self.state {
            case .exchanging(var exchange) where exchange.request == .receiving:
                guard exchange.answer != .written else {
                    self.state = exchange.isLast ? .lingering : .idle(isDraining: false)
                    return exchange.isLast ? .linger : .next
                }
                exchange.request = .complete
                self.state = .exchanging(exchange)
                return exchange.takesRequest ? .endRequest : .doNothing
            case .idle, .reading, .exchanging, .lingering, .closed:
                return .doNothing
            }
        }

        /// What has come is no request; nothing behind it can be read.
        mutating func malformed() -> OnMalformed {
            switch self.state {
            case .idle, .reading:
                self.state = .exchanging(Exchanging(request: .complete, isLast: true))
                return .refuse
            case .exchanging(var exchange):
                guard exchange.answer != .written else {
                    self.state = .lingering
                    return .linger
                }
                exchange.request = .complete
                exchange.isLast = true
                self.state = .exchanging(exchange)
                return exchange.takesRequest ? .refuseCurrent : .doNothing
            case .lingering, .closed:
                return .doNothing
            }
        }

        /// The exchange's answer begins: its fields, and later its body, in pieces.
        ///
        /// - Parameter endsConnection: nothing but the connection's end can tell where the body ends.
        mutating func answerBegins(endsConnection: Bool) -> OnAnswer {
            switch self.state {
            case .exchanging(var exchange) where exchange.answer == .awaited:
                exchange.answer = .open
                exchange.isLast = exchange.isLast || endsConnection
                self.state = .exchanging(exchange)
                return .write(isLast: exchange.isLast)
            case .idle, .reading, .exchanging, .lingering, .closed:
                return .doNothing
            }
        }

        /// The exchange has its answer, or the last piece of it.
        mutating func answer(rest: Rest) -> OnAnswer {
            switch self.state {
            case .exchanging(var exchange) where exchange.takesRequest:
                exchange.answer = .writing
                if exchange.request == .receiving {
                    exchange.isLast = exchange.isLast || rest != .short
                    if rest == .heldBack { exchange.request = .complete }
                }
                self.state = .exchanging(exchange)
                return .write(isLast: exchange.isLast)
            case .idle, .reading, .exchanging, .lingering, .closed:
                return .doNothing
            }
        }

        /// The socket has taken the whole answer.
        mutating func written() -> OnWritten {
            switch self.state {
            case .exchanging(var exchange) where exchange.answer == .writing:
                guard exchange.request == .complete else {
                    exchange.answer = .written
                    self.state = .exchanging(exchange)
                    return .awaitRest
                }
                self.state = exchange.isLast ? .lingering : .idle(isDraining: false)
                return exchange.isLast ? .linger : .next
            case .idle, .reading, .exchanging, .lingering, .closed:
                return .doNothing
            }
        }

        /// No further request is taken on this connection. Said by the gateway when it stops, and where too many
        /// requests are pipelined.
        mutating func drain() -> OnDrain {
            switch self.state {
            case .idle:
                self.state = .idle(isDraining: true)
                return .awaitRequest
            case .reading:
                self.state = .reading(isDraining: true)
                return .doNothing
            case .exchanging(var exchange):
                exchange.isLast = true
                self.state = .exchanging(exchange)
                return .doNothing
            case .lingering, .closed:
                return .doNothing
            }
        }

        /// The connection's own deadline is over, or more of a request has come than is taken behind its answer. While
        /// an answer is awaited or written the exchange has its own.
        mutating func deadline() -> OnDeadline {
            switch self.state {
            case .reading:
                self.state = .exchanging(Exchanging(request: .complete, isLast: true))
                return .refuseSlowHead
            case .exchanging(let exchange) where exchange.answer != .written:
                return .doNothing
            case .exchanging:
                self.state = .lingering
                return .linger
            case .idle, .lingering:
                self.state = .closed
                return .close
            case .closed:
                return .doNothing
            }
        }

        /// The transport is gone.
        mutating func closed() {
            self.state = .closed
        }
    }
}

extension HTTP1CallerConnection.StateMachine {
    enum State {
        /// Nothing of a request has come.
        case idle(isDraining: Bool)
        /// Part of a request's line or fields has come.
        case reading(isDraining: Bool)
        case exchanging(Exchanging)
        /// Nothing is said or heard any more; the caller's end is waited for.
        case lingering
        case closed
    }

    /// A request and its answer: each goes its own way.
    struct Exchanging: Equatable {
        enum Request {
            case receiving
            /// Nothing more of it is waited for: it is all there, or no more of it can be read.
            case complete
        }

        enum Answer {
            case awaited
            /// It comes in pieces, and has begun.
            case open
            case writing
            case written
        }

        var request: Request = .receiving
        var answer: Answer = .awaited
        /// The connection ends with this answer.
        var isLast: Bool

        /// Whether what comes of the request is still somebody's.
        var takesRequest: Bool { self.answer == .awaited || self.answer == .open }
    }
}
