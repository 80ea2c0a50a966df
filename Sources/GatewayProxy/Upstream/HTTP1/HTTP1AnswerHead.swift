import NIOHTTP1

/// What an answer's status line and fields say of the connection and of where the answer ends.
struct HTTP1AnswerHead {
    let status: Int
    /// The vendor takes another request on the connection (RFC 9112 section 9.3).
    let keepsAlive: Bool
    /// Nothing but the connection's end tells the body's (RFC 9112 section 6.3).
    let endsAtClose: Bool
    /// How long the vendor keeps an idle connection, where it says so (`Keep-Alive: timeout=5`).
    let keepAliveSeconds: Int?

    /// - Throws: where the vendor and somebody in between could disagree on where the answer ends.
    init(_ head: HTTPResponseHead, requestMethod: String) throws(HTTP1AnswerError) {
        let status = Int(head.status.code)
        guard status != 101 else { throw .switchedProtocols }
        let isCoded = head.headers.contains(name: "transfer-encoding")
        let lengths = head.headers["content-length"]
        guard !isCoded || lengths.isEmpty, lengths.count <= 1 else { throw .ambiguousLength }
        if isCoded {
            let codings = head.headers[canonicalForm: "transfer-encoding"].map { $0.lowercased() }
            guard codings == ["chunked"], head.version == .http1_1 else { throw .unknownTransferCoding }
        }
        let hasNoBody = requestMethod == "HEAD" || status == 204 || status == 304
        self.status = status
        self.endsAtClose = !isCoded && lengths.isEmpty && !hasNoBody
        let options = head.headers[canonicalForm: "connection"]
        self.keepsAlive =
            head.version == .http1_1 && !options.contains { $0.lowercased() == "close" }
        self.keepAliveSeconds = Self.keepAliveSeconds(head.headers[canonicalForm: "keep-alive"])
    }

    private static func keepAliveSeconds(_ parameters: [Substring]) -> Int? {
        for parameter in parameters {
            let parts = parameter.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == "timeout", let seconds = Int(parts[1]), seconds >= 0 {
                return seconds
            }
        }
        return nil
    }
}
