extension DownstreamConnection {
    /// Decides when a downstream connection idles, drains and closes.
    ///
    ///     serving ──drain──▶ draining ──last stream closed──▶ closed
    ///
    /// Decides only: the connection performs the returned action. Time is the caller's. Legal races, which are ignored:
    /// a drain or a stream's end after the close, a second drain.
    struct StateMachine: ~Copyable {
        private var state: State

        init() { self.state = .serving(openStreams: 0) }
        private init(_ state: consuming State) { self.state = state }

        enum OnStreamClosed: Equatable { case startIdleDeadline, closeConnection, doNothing }
        enum OnDrain: Equatable { case sendShutdownNotice, doNothing }
        enum OnNoticeElapsed: Equatable { case sendGoAway, sendGoAwayAndClose, doNothing }
        enum OnIdle: Equatable { case sendGoAwayAndClose, closeConnection, doNothing }

        /// A stream opened; false when the connection is closed and the stream must be ignored.
        mutating func streamOpened() -> Bool {
            switch consume self.state {
            case .serving(let openStreams):
                self = .init(.serving(openStreams: openStreams + 1))
                return true
            case .draining(let openStreams, let hasSentGoAway):
                self = .init(.draining(openStreams: openStreams + 1, hasSentGoAway: hasSentGoAway))
                return true
            case .closed:
                self = .init(.closed)
                return false
            }
        }

        /// A stream ended, by either side.
        mutating func streamClosed() -> OnStreamClosed {
            switch consume self.state {
            case .serving(let openStreams):
                let left = max(0, openStreams - 1)
                self = .init(.serving(openStreams: left))
                return left == 0 ? .startIdleDeadline : .doNothing
            case .draining(let openStreams, let hasSentGoAway):
                let left = max(0, openStreams - 1)
                // Before the final GOAWAY the caller may have opened a stream that we have not seen.
                guard hasSentGoAway, left == 0 else {
                    self = .init(.draining(openStreams: left, hasSentGoAway: hasSentGoAway))
                    return .doNothing
                }
                self = .init(.closed)
                return .closeConnection
            case .closed:
                self = .init(.closed)
                return .doNothing
            }
        }

        /// The gateway is stopping.
        mutating func drain() -> OnDrain {
            switch consume self.state {
            case .serving(let openStreams):
                self = .init(.draining(openStreams: openStreams, hasSentGoAway: false))
                return .sendShutdownNotice
            case .draining(let openStreams, let hasSentGoAway):
                self = .init(.draining(openStreams: openStreams, hasSentGoAway: hasSentGoAway))
                return .doNothing
            case .closed:
                self = .init(.closed)
                return .doNothing
            }
        }

        /// The caller has had a round trip's time to learn of the shutdown notice.
        mutating func noticeElapsed() -> OnNoticeElapsed {
            switch consume self.state {
            case .draining(let openStreams, let hasSentGoAway):
                guard !hasSentGoAway else {
                    self = .init(.draining(openStreams: openStreams, hasSentGoAway: true))
                    return .doNothing
                }
                guard openStreams > 0 else {
                    self = .init(.closed)
                    return .sendGoAwayAndClose
                }
                self = .init(.draining(openStreams: openStreams, hasSentGoAway: true))
                return .sendGoAway
            case .serving(let openStreams):
                self = .init(.serving(openStreams: openStreams))
                return .doNothing
            case .closed:
                self = .init(.closed)
                return .doNothing
            }
        }

        /// Nothing has happened for the idle time, or the caller has said nothing at all in time.
        mutating func idleElapsed() -> OnIdle {
            switch consume self.state {
            case .serving(let openStreams):
                guard openStreams == 0 else {
                    self = .init(.serving(openStreams: openStreams))
                    return .doNothing
                }
                self = .init(.closed)
                return .sendGoAwayAndClose
            case .draining(let openStreams, let hasSentGoAway):
                guard openStreams == 0 else {
                    self = .init(.draining(openStreams: openStreams, hasSentGoAway: hasSentGoAway))
                    return .doNothing
                }
                self = .init(.closed)
                return .closeConnection
            case .closed:
                // What was left to write has not been taken in time.
                self = .init(.closed)
                return .closeConnection
            }
        }

        /// The transport is gone.
        mutating func closed() {
            self = .init(.closed)
        }

        var openStreams: Int {
            switch self.state {
            case .serving(let openStreams): openStreams
            case .draining(let openStreams, _): openStreams
            case .closed: 0
            }
        }
    }
}

extension DownstreamConnection.StateMachine {
    fileprivate enum State: ~Copyable {
        case serving(openStreams: Int)
        case draining(openStreams: Int, hasSentGoAway: Bool)
        case closed
    }
}
