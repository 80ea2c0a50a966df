internal import CNghttp2

/// Why an HTTP/2 session cannot go on, or would not take a submission.
package enum HTTP2Error: Error, Equatable, CustomStringConvertible {
    /// What we were doing.
    package enum Operation: String, Sendable {
        case sessionCreation = "creating a session"
        case receive = "reading frames"
        case send = "writing frames"
        case submission = "submitting a frame"
    }

    /// What a peer did too much of.
    package enum Excess: String, Sendable {
        case controlFrames = "frames that carry no request"
        case queuedOutput = "frames that force an answer"
        case resets = "requests that it reset at once"
    }

    /// libnghttp2 refused; `reason` is its own text.
    case library(code: Int32, reason: String, during: Operation)
    /// The stream is not open any more.
    case streamClosed
    /// The peer went beyond one of `HTTP2AbuseLimits`.
    case peerExceeded(Excess)

    package var description: String {
        switch self {
        case .library(_, let reason, let during): "\(during.rawValue): \(reason)"
        case .streamClosed: "the stream is closed"
        case .peerExceeded(let excess): "the peer sent too many \(excess.rawValue)"
        }
    }

    /// libnghttp2 itself has given the session up, because the peer made it queue or take too much.
    package var isFlooding: Bool {
        guard case .library(let code, _, _) = self else { return false }
        return code == NGHTTP2_ERR_FLOODED.rawValue || code == NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.rawValue
    }

    /// What GOAWAY tells the peer about it (RFC 9113 section 7); nil where the peer has not spoken HTTP/2 at all, or
    /// nothing is wrong with the connection. Where libnghttp2 ends a session for a broken rule it throws nothing and
    /// tells by itself.
    package var goAwayCode: HTTP2ErrorCode? {
        switch self {
        case .peerExceeded: .enhanceYourCalm
        case .library where self.isFlooding: .enhanceYourCalm
        case .library(NGHTTP2_ERR_BAD_CLIENT_MAGIC.rawValue, _, _): nil
        case .library: .internalError
        case .streamClosed: nil
        }
    }

    static func library(_ code: Int32, during operation: Operation) -> HTTP2Error {
        let reason = nghttp2_strerror(code).map { String(cString: $0) } ?? "error \(code)"
        return .library(code: code, reason: reason, during: operation)
    }
}

/// The error codes of RST_STREAM and GOAWAY frames (RFC 9113 section 7). Peers may send others.
package struct HTTP2ErrorCode: RawRepresentable, Equatable, Sendable, CustomStringConvertible {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    package static let noError = HTTP2ErrorCode(rawValue: 0x0)
    package static let protocolError = HTTP2ErrorCode(rawValue: 0x1)
    package static let internalError = HTTP2ErrorCode(rawValue: 0x2)
    package static let flowControlError = HTTP2ErrorCode(rawValue: 0x3)
    package static let streamClosed = HTTP2ErrorCode(rawValue: 0x5)
    package static let refusedStream = HTTP2ErrorCode(rawValue: 0x7)
    package static let cancel = HTTP2ErrorCode(rawValue: 0x8)
    package static let enhanceYourCalm = HTTP2ErrorCode(rawValue: 0xb)

    package var description: String {
        nghttp2_http2_strerror(self.rawValue).map { String(cString: $0) } ?? "\(self.rawValue)"
    }
}
