import GatewayHTTP2

/// The streams of one connection whose answers come in pieces, and what of them is not out yet.
///
/// Confined to its worker's event loop.
final class OpenAnswers {
    private var requests: [Int32: CallerRequest] = [:]

    func add(_ request: CallerRequest) {
        self.requests[request.streamID] = request
    }

    /// The stream is over.
    func remove(_ streamID: Int32) {
        self.requests.removeValue(forKey: streamID)
    }

    /// The connection has written what the caller takes: tells those whose answer has become shorter.
    func written(_ session: HTTP2Session, of connection: HTTP2CallerConnection) {
        for (streamID, request) in self.requests {
            let unsent = session.unsentBytes(of: streamID)
            guard unsent < request.unreadBytes else { continue }
            connection.unreadBytes -= request.unreadBytes - unsent
            request.unreadBytes = unsent
            request.answerTaken(unsentBytes: unsent)
        }
    }
}
