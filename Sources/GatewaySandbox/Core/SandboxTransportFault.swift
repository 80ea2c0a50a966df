/// What goes wrong with an answer below HTTP: the transport carries it out, the stand-in only asks for it.
package struct SandboxTransportFault: Sendable, Equatable {
    package enum Act: String, Sendable, CaseIterable {
        /// The answer goes out as it is.
        case answer
        /// The stream stays open and nothing is ever sent on it.
        case never
        /// The connection is closed without a word, before any header of the answer.
        case closeBeforeHeaders = "close-before-headers"
        /// The connection is closed when the headers have been sent.
        case closeAfterHeaders = "close-after-headers"
        /// The connection is closed when half of the body has been sent.
        case closeMidBody = "close-mid-body"
        /// The stream is reset with INTERNAL_ERROR (RFC 9113 section 7).
        case reset
        /// The stream is reset with REFUSED_STREAM: nothing was processed (RFC 9113 section 8.7).
        case refusedStream = "refused-stream"
        /// Bytes that are not HTTP/2 are put on the connection, which is then closed.
        case garbage
        /// The first half of the body, then a proper end of the stream; no `content-length` gives it away.
        case truncate
        /// The same with the `content-length` of the whole body: malformed by RFC 9113 section 8.1.1.
        case truncateLength = "truncate-length"
        /// The headers, then one byte of the body each second.
        case dribble
        /// The answer goes out, and GOAWAY beside it: no further requests on this connection.
        case goAway = "goaway"
        /// GOAWAY that names an earlier stream as the last one processed; this request is not answered.
        case goAwayRefused = "goaway-refused"
    }

    package var act: Act
    /// How long the answer waits before the act, in milliseconds.
    package var delayMilliseconds: Int

    package static let none = SandboxTransportFault(act: .answer, delayMilliseconds: 0)

    package init(act: Act, delayMilliseconds: Int) {
        self.act = act
        self.delayMilliseconds = delayMilliseconds
    }

    /// Both faults at once: delays add up, and the later act that is not `.answer` is the one carried out.
    func joined(with other: SandboxTransportFault) -> SandboxTransportFault {
        SandboxTransportFault(
            act: other.act == .answer ? self.act : other.act,
            delayMilliseconds: min(
                self.delayMilliseconds + other.delayMilliseconds, SandboxLimits.delayMillisecondsMax))
    }
}
