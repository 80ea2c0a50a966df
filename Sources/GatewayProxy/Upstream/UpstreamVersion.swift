/// The HTTP versions that a vendor may be spoken to in.
enum UpstreamVersion: Sendable, Equatable {
    case http2, http1

    /// Its name in ALPN (RFC 7301; IANA's registry).
    var applicationProtocol: String {
        switch self {
        case .http2: "h2"
        case .http1: "http/1.1"
        }
    }
}
