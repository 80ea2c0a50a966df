/// Where tokens are fetched.
package enum TokenURL: Sendable, Hashable {
    case absolute(HTTPURL)
    /// A path on the host of the target's base URL, beginning with `/`. The base URL's own path is
    /// not put before it (RFC 3986 §5.2.2).
    case path(String)

    /// The whole URL for a target with this base URL.
    package func url(on baseURL: HTTPURL) -> HTTPURL {
        switch self {
        case .absolute(let url):
            return url
        case .path(let path):
            var url = baseURL
            url.path = path
            return url
        }
    }
}

extension TokenURL: CustomStringConvertible {
    package var description: String {
        switch self {
        case .absolute(let url): url.description
        case .path(let path): path
        }
    }
}
