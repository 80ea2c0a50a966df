extension HTTP1Connection {
    /// Decides whose turn it is on an HTTP/1.1 connection: which request is taken, when it is answered, and what
    /// follows.
    ///
    ///     idle ──bytes──▶ reading ──head──▶ exchanging ──last answer written──▶ lingering ──▶ closed
    ///      ▲                                    │
    ///      └────── request and answer over ─────┘
    ///
    /// One request at a time: what is pipelined behind it waits (RFC 9112 section 9.3.2). Decides only: the connection
    /// performs the returned action. The decoder's alone are a head within a request and a body without one; legal
    /// races, which are ignored, are whatever comes while lingering, and a drain or a deadline after the end.
    struct StateMachine: ~Copyable {
        private(set) var state: State

        init() { self.state = .idle(isDraining: false) }
        private init(_ state: consuming State) { self.state = state }

        enum OnBytes: Equatable { case startHeaderDeadline, doNothing }
        enum OnHead: Equatable { case begin, discard }
        enum OnBody: Equatable { case take, discard }
        enum OnEnd: Equatable { case endRequest, next, doNothing }
        enum OnMalformed: Equatable { case refuse, refuseCurrent, close, doNothing }
        enum OnAnswer: Equatable { case write(isLast: Bool), doNothing }
        enum OnWritten: Equatable { case next, awaitRest, linger, doNothing }
        enum OnDrain: Equatable { case awaitRequest, close, doNothing }
        enum OnDeadline: Equatable { case refuseSlowHead, close, doNothing }

        /// Whether what comes now belongs to a later request and has to wait.
        var isBusy: Bool {
            switch self.state {
            case .exchanging(let exchange): exchange.request == .complete
            case .idle: false
            case .reading: false
            case .lingering: false
            case .closed: false
            }
        }

        /// Bytes of the caller have come.
        mutating func bytes() -> OnBytes {
            switch consume self.state {
            case .idle(let isDraining):
                self = .init(.reading(isDraining: isDraining))
                return .startHeaderDeadline
            case .reading(let isDraining):
                self = .init(.reading(isDraining: isDraining))
                return .doNothing
            case .exchanging(let exchange):
                self = .init(.exchanging(exchange))
                return .doNothing
            case .lingering:
                self = .init(.lingering)
                return .doNothing
            case .closed:
                self = .init(.closed)
                return .doNothing
            }
        }

        /// A request's line and fields are whole.
        ///
        /// - Parameter isLast: the connection ends with its answer (RFC 9112 section 9.3).
        mutating func head(isLast: Bool) -> OnHead {
            switch consume self.state {
            case .idle(let isDraining):
                self = .init(.exchanging(Exchanging(isLast: isLast || isDraining)))
                return .begin
            case .reading(let isDraining):
                self = .init(.exchanging(Exchanging(isLast: isLast || isDraining)))
                return .begin
            case .exchanging(let exchange):
                self = .init(.exchanging(exchange))
                return .discard
            case .lingering:
                self = .init(.lingering)
                return .discard
            case .closed:
                self = .init(.closed)
                return .discard
            }
        }

        /// Part of the body has come.
        mutating func body() -> OnBody {
            switch consume self.state {
            case .exchanging(let exchange):
                let isWanted = exchange.request == .receiving && exchange.answer == .awaited
                self = .init(.exchanging(exchange))
                return isWanted ? .take : .discard
            case .idle(let isDraining):
                self = .init(.idle(isDraining: isDraining))
                return .discard
            case .reading(let isDraining):
                self = .init(.reading(isDraining: isDraining))
                return .discard
            case .lingering:
                self = .init(.lingering)
                return .discard
            case .closed:
                self = .init(.closed)
                return .discard
            }
        }

        /// The request is complete.
        mutating func end() -> OnEnd {
            switch consume self.state {
            case .exchanging(var exchange):
                guard exchange.request == .receiving else {
                    self = .init(.exchanging(exchange))
                    return .doNothing
                }
                guard exchange.answer != .written else {
                    self = .init(.idle(isDraining: false))
                    return .next
                }
                exchange.request = .complete
                let isAwaited = exchange.answer == .awaited
                self = .init(.exchanging(exchange))
                return isAwaited ? .endRequest : .doNothing
            case .idle(let isDraining):
                self = .init(.idle(isDraining: isDraining))
                return .doNothing
            case .reading(let isDraining):
                self = .init(.reading(isDraining: isDraining))
                return .doNothing
            case .lingering:
                self = .init(.lingering)
                return .doNothing
            case .closed:
                self = .init(.closed)
                return .doNothing
            }
        }

        /// What has come is no request; nothing behind it can be read.
        mutating func malformed() -> OnMalformed {
            switch consume self.state {
            case .idle:
                self = .init(.exchanging(Exchanging(isLast: true)))
                return .refuse
            case .reading:
                self = .init(.exchanging(Exchanging(isLast: true)))
                return .refuse
            case .exchanging(var exchange):
                exchange.isLast = true
                switch exchange.answer {
                case .awaited:
                    self = .init(.exchanging(exchange))
                    return .refuseCurrent
                case .writing:
                    self = .init(.exchanging(exchange))
                    return .doNothing
                case .written:
                    self = .init(.closed)
                    return .close
                }
            case .lingering:
                self = .init(.lingering)
                return .doNothing
            case .closed:
                self = .init(.closed)
                return .doNothing
            }
        }

        /// The exchange has its answer.
        ///
        /// - Parameter isRestShort: what is still to come of the request, if anything, is worth waiting for.
        mutating func answer(isRestShort: Bool) -> OnAnswer {
            switch consume self.state {
            case .exchanging(var exchange):
                guard exchange.answer == .awaited else {
                    self = .init(.exchanging(exchange))
                    return .doNothing
                }
                exchange.answer = .writing
                exchange.isLast = exchange.isLast || (exchange.request == .receiving && !isRestShort)
                let isLast = exchange.isLast
                self = .init(.exchanging(exchange))
                return .write(isLast: isLast)
            case .idle(let isDraining):
                self = .init(.idle(isDraining: isDraining))
                return .doNothing
            case .reading(let isDraining):
                self = .init(.reading(isDraining: isDraining))
                return .doNothing
            case .lingering:
                self = .init(.lingering)
                return .doNothing
            case .closed:
                self = .init(.closed)
                return .doNothing
            }
        }

        /// The socket has taken the whole answer.
        mutating func written() -> OnWritten {
            switch consume self.state {
            case .exchanging(var exchange):
                guard exchange.answer == .writing else {
                    self = .init(.exchanging(exchange))
                    return .doNothing
                }
                guard !exchange.isLast else {
                    self = .init(.lingering)
                    return .linger
                }
                guard exchange.request == .complete else {
                    exchange.answer = .written
                    self = .init(.exchanging(exchange))
                    return .awaitRest
                }
                self = .init(.idle(isDraining: false))
                return .next
            case .idle(let isDraining):
                self = .init(.idle(isDraining: isDraining))
                return .doNothing
            case .reading(let isDraining):
                self = .init(.reading(isDraining: isDraining))
                return .doNothing
            case .lingering:
                self = .init(.lingering)
                return .doNothing
            case .closed:
                self = .init(.closed)
                return .doNothing
            }
        }

        /// No further request is taken on this connection. Said by the gateway when it stops, and where too many
        /// requests are pipelined.
        mutating func drain() -> OnDrain {
            switch consume self.state {
            case .idle:
                self = .init(.idle(isDraining: true))
                return .awaitRequest
            case .reading:
                self = .init(.reading(isDraining: true))
                return .doNothing
            case .exchanging(var exchange):
                exchange.isLast = true
                guard exchange.answer == .written else {
                    self = .init(.exchanging(exchange))
                    return .doNothing
                }
                self = .init(.closed)
                return .close
            case .lingering:
                self = .init(.lingering)
                return .doNothing
            case .closed:
                self = .init(.closed)
                return .doNothing
            }
        }

        /// The connection's own deadline is over. While an answer is awaited or written the exchange has its own.
        mutating func deadline() -> OnDeadline {
            switch consume self.state {
            case .idle:
                self = .init(.closed)
                return .close
            case .reading:
                self = .init(.exchanging(Exchanging(isLast: true)))
                return .refuseSlowHead
            case .exchanging(let exchange):
                guard exchange.answer == .written else {
                    self = .init(.exchanging(exchange))
                    return .doNothing
                }
                self = .init(.closed)
                return .close
            case .lingering:
                self = .init(.closed)
                return .close
            case .closed:
                self = .init(.closed)
                return .doNothing
            }
        }

        /// The transport is gone.
        mutating func closed() {
            self = .init(.closed)
        }
    }
}

extension HTTP1Connection.StateMachine {
    enum State: ~Copyable {
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
        enum Request { case receiving, complete }
        enum Answer { case awaited, writing, written }

        var request: Request = .receiving
        var answer: Answer = .awaited
        /// The connection ends with this answer.
        var isLast: Bool
    }
}
