/// An `http` or `https` URL of a vendor, in parts, as requests need them (RFC 3986, RFC 9110 §4.2).
///
/// It never has user information, query or fragment.
package struct HTTPURL: Sendable, Hashable {
    package enum Scheme: String, Sendable {
        case http, https

        package var defaultPort: Int { self == .https ? 443 : 80 }
    }

    package var scheme: Scheme
    /// Lower case; an IPv6 address without its brackets.
    package var host: String
    package var port: Int
    /// Empty, or beginning with `/`; percent-encoded as it was written.
    package var path: String

    package init(scheme: Scheme, host: String, port: Int? = nil, path: String = "") {
        self.scheme = scheme
        self.host = host
        self.port = port ?? scheme.defaultPort
        self.path = path
    }

    /// The value of `:authority` and `host`: the port only where it is not the scheme's.
    package var authority: String {
        let host = self.host.contains(":") ? "[\(self.host)]" : self.host
        return self.port == self.scheme.defaultPort ? host : "\(host):\(self.port)"
    }

    /// Scheme and authority, without a path.
    package var origin: String { "\(self.scheme.rawValue)://\(self.authority)" }

    /// Whether a host can only be this machine, by its spelling; names are not looked up.
    package static func isLoopback(host: String) -> Bool {
        let isIPv4 = host.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
        return host == "localhost" || host == "::1" || (isIPv4 && host.hasPrefix("127."))
    }
}

extension HTTPURL: CustomStringConvertible {
    package var description: String { self.origin + self.path }
}
