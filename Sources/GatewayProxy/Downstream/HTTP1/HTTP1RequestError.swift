import NIOHTTP1

/// What makes a request of HTTP/1.1 one that cannot be taken; the description is for the caller.
///
/// Whoever reads a request in another way than the one before or behind it can be made to mistake its end for another's
/// beginning; so nothing is guessed (RFC 9112 section 11.2).
enum HTTP1RequestError: Error, Equatable, CustomStringConvertible {
    case noHost
    case severalHosts
    case host
    case target
    case otherTarget
    case contentLength
    case coding
    case codingInHTTP10
    case method
    case version
    case line
    case field
    case chunk
    case framing
    case oversized

    var description: String {
        switch self {
        case .noHost: "The request has no host field."
        case .severalHosts: "The request has more than one host field."
        case .host: "The host field is no host name with or without a port."
        case .target: "The request's target must be a path that begins with a slash."
        case .otherTarget: "The request's target and its host field name different hosts."
        case .contentLength: "The content-length must be one number, without a transfer-encoding beside it."
        case .coding: "The gateway takes no transfer coding but chunked."
        case .codingInHTTP10: "HTTP/1.0 has no transfer codings."
        case .method: "The gateway takes GET, HEAD, PATCH, POST, PUT and OPTIONS, each where it makes sense."
        case .version: "The request's line must end with HTTP/1.1, CR and LF."
        case .line: "The request is not well-formed HTTP/1.1."
        case .field: "A header field is not well-formed."
        case .chunk: "A chunk of the body is not well-formed."
        case .framing: "What surrounds the body's chunks, extensions or trailers, is larger than header fields may be."
        case .oversized: "The request's header fields are too large."
        }
    }

    /// The decoder's error, as far as it tells anything.
    init(_ error: HTTPParserError) {
        switch error {
        case .headerOverflow: self = .oversized
        case .invalidMethod: self = .method
        case .invalidVersion: self = .version
        case .invalidURL, .invalidHost, .invalidPort, .invalidPath, .invalidQueryString, .invalidFragment:
            self = .target
        case .invalidContentLength, .unexpectedContentLength: self = .contentLength
        case .invalidHeaderToken: self = .field
        case .invalidChunkSize: self = .chunk
        default: self = .line
        }
    }
}
