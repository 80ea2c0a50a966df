extension HTTP2CallerConnection {
    /// Decides when a caller's HTTP/2 connection idles, drains and closes.
    ///
    ///     serving ──drain──▶ finishing ──no stream left, or time──▶ draining ──last stream closed──▶ closed
    ///
    /// Some clients take the first GOAWAY, which excludes nothing, for the failure of all they have under way. So it is
    /// put off while streams are open, for a time.
    /// Decides only: the connection performs the returned action. Time is the caller's. Legal races, which are ignored:
    /// a drain or a stream's end after the close, a second drain.
    struct StateMachine: ~Copyable {
        private var state = State.serving(openStreams: 0)

        enum OnStreamClosed: Equatable { case startIdleDeadline, sendShutdownNotice, closeConnection, doNothing }
        enum OnDrain: Equatable { case sendShutdownNotice, putNoticeOff, doNothing }
        enum OnNoticeDue: Equatable { case sendShutdownNotice, doNothing }
        enum OnNoticeElapsed: Equatable { case sendGoAway, sendGoAwayAndClose, doNothing }
        enum OnIdle: Equatable { case sendGoAwayAndClose, closeConnection, doNothing }

        /// A stream opened; false when the connection is closed and the stream must be ignored.
        mutating func streamOpened() -> Bool {
            switch self.state {
            case .serving(let openStreams):
                self.state = .serving(openStreams: openStreams + 1)
                return true
            case .finishing(let openStreams):
                self.state = .finishing(openStreams: openStreams + 1)
                return true
            case .draining(let openStreams, let hasSentGoAway):
                self.state = .draining(openStreams: openStreams + 1, hasSentGoAway: hasSentGoAway)
                return true
            case .closed:
                return false
            }
        }

        /// A stream ended, by either side.
        mutating func streamClosed() -> OnStreamClosed {
            let left = max(0, self.openStreams - 1)
            switch self.state {
            case .serving:
                self.state = .serving(openStreams: left)
                return left == 0 ? .startIdleDeadline : .doNothing
            case .finishing where left == 0:
                self.state = .draining(openStreams: 0, hasSentGoAway: false)
                return .sendShutdownNotice
            case .finishing:
                self.state = .finishing(openStreams: left)
                return .doNothing
            case .draining(_, hasSentGoAway: true) where left == 0:
                self.state = .closed
                return .closeConnection
            case .draining(_, let hasSentGoAway):
                // Before the final GOAWAY the caller may have opened a stream that we have not seen.
                self.state = .draining(openStreams: left, hasSentGoAway: hasSentGoAway)
                return .doNothing
            case .closed:
                return .doNothing
            }
        }

        /// The gateway is stopping.
        mutating func drain() -> OnDrain {
            switch self.state {
            case .serving(openStreams: 0):
                self.state = .draining(openStreams: 0, hasSentGoAway: false)
                return .sendShutdownNotice
            case .serving(let openStreams):
                self.state = .finishing(openStreams: openStreams)
                return .putNoticeOff
            case .finishing, .draining, .closed:
                return .doNothing
            }
        }

        /// The shutdown notice cannot be put off any longer.
        mutating func noticeDue() -> OnNoticeDue {
            switch self.state {
            case .finishing(let openStreams):
                self.state = .draining(openStreams: openStreams, hasSentGoAway: false)
                return .sendShutdownNotice
            case .serving, .draining, .closed:
                return .doNothing
            }
        }

        /// The caller has had a round trip's time to learn of the shutdown notice.
        mutating func noticeElapsed() -> OnNoticeElapsed {
            switch self.state {
            case .draining(openStreams: 0, hasSentGoAway: false):
                self.state = .closed
                return .sendGoAwayAndClose
            case .draining(let openStreams, hasSentGoAway: false), .finishing(let openStreams):
                self.state = .draining(openStreams: openStreams, hasSentGoAway: true)
                return .sendGoAway
            case .draining, .serving, .closed:
                return .doNothing
            }
        }

        /// Nothing has happened for the idle time, or the caller has said nothing at all in time.
        mutating func idleElapsed() -> OnIdle {
            switch self.state {
            case .serving(openStreams: 0):
                self.state = .closed
                return .sendGoAwayAndClose
            case .draining(openStreams: 0, _):
                self.state = .closed
                return .closeConnection
            case .serving, .finishing, .draining:
                return .doNothing
            case .closed:
                // What was left to write has not been taken in time.
                return .closeConnection
            }
        }

        /// The transport is gone.
        mutating func closed() {
            self.state = .closed
        }

        var openStreams: Int {
            switch self.state {
            case .serving(let openStreams), .finishing(let openStreams), .draining(let openStreams, _): openStreams
            case .closed: 0
            }
        }
    }
}

extension HTTP2CallerConnection.StateMachine {
    fileprivate enum State {
        case serving(openStreams: Int)
        /// Told to stop; the caller has not been told.
        case finishing(openStreams: Int)
        case draining(openStreams: Int, hasSentGoAway: Bool)
        case closed
    }
}
