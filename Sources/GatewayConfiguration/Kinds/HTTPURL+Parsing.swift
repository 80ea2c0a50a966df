import GatewayDocuments
import GatewayHTTP

extension HTTPURL {
    /// Why a text is not such a URL. None of the sentences quotes the text: it may hold a password.
    enum ParsingError: Error, Equatable {
        case scheme, userInfo, query, fragment, host, port, path

        /// What is wrong, and what would be right.
        var sentence: String {
            switch self {
            case .scheme: "expected a URL that begins with https:// or http://"
            case .userInfo:
                "a user name or password must not stand in a URL; put it under \"credentials\""
            case .query: "a URL here must not have a query (?…)"
            case .fragment: "a URL here must not have a fragment (#…)"
            case .host: "expected a host name or an IP address behind the scheme (IPv6 in brackets)"
            case .port: "expected a port from 1 to 65535 behind the colon"
            case .path: "the path has a character that must be percent-encoded (RFC 3986 §3.3)"
            }
        }
    }

    /// Reads a URL as the configuration takes it; nil for every other text.
    package init?(_ text: String) {
        guard let url = try? Self(parsing: text) else { return nil }
        self = url
    }

    /// Reads the few URLs that a configuration needs; stricter than RFC 3986 asks.
    init(parsing text: String) throws(ParsingError) {
        let lowered = text.prefix(8).lowercased()
        let scheme: Scheme
        let rest: Substring
        if lowered.hasPrefix("https://") {
            (scheme, rest) = (.https, text.dropFirst(8))
        } else if lowered.hasPrefix("http://") {
            (scheme, rest) = (.http, text.dropFirst(7))
        } else {
            throw .scheme
        }
        let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        let authority = rest[..<authorityEnd]
        if authority.contains("@") { throw .userInfo }
        let (host, port) = try Self.splitAuthority(authority)
        let path = String(rest[authorityEnd...])
        try Self.checkPath(path)
        self.init(scheme: scheme, host: host, port: port, path: path)
    }

    private static func splitAuthority(
        _ authority: Substring
    ) throws(ParsingError) -> (host: String, port: Int?) {
        let host: String
        let tail: Substring
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { throw .host }
            host = authority[authority.index(after: authority.startIndex)..<close].lowercased()
            tail = authority[authority.index(after: close)...]
            guard IPAddress.isIPv6(host) else { throw .host }
        } else {
            let colon = authority.firstIndex(of: ":") ?? authority.endIndex
            host = authority[..<colon].lowercased()
            tail = authority[colon...]
            guard HostName.isValid(host) else { throw .host }
        }
        if tail.isEmpty { return (host, nil) }
        let digits = tail.dropFirst()
        let areDigits = digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard tail.hasPrefix(":"), areDigits, let port = Int(digits), (1...65535).contains(port) else {
            throw .port
        }
        return (host, port)
    }

    /// RFC 3986 §3.3: `/` and pchar, percent signs only before two hexadecimal digits.
    static func checkPath(_ path: String) throws(ParsingError) {
        if path.contains("#") { throw .fragment }
        if path.contains("?") { throw .query }
        let bytes = Array(path.utf8)
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "%"):
                let digits = bytes[(index + 1)...].prefix(2)
                guard digits.count == 2, digits.allSatisfy({ HexDigits.value(of: $0) != nil }) else { throw .path }
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                continue
            default:
                guard "/-._~!$&'()*+,;=:@".utf8.contains(byte) else { throw .path }
            }
        }
    }
}

extension ValueKind where Value == HTTPURL {
    /// Where a vendor's paths begin; a slash behind it is dropped.
    static var baseURL: ValueKind {
        let expected = "a URL such as \"https://api.vendor.example\""
        return ValueKind(
            typeName: "URL",
            schema: [
                .init("type", "string"), .init("format", "uri"),
                .init("pattern", "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]+(/[^?#]*)?$"),
            ],
            expected: expected,
            read: { place, _ in
                guard let text = place.node?.string else {
                    place.refuse(expected: expected, .string)
                    return nil
                }
                do throws(HTTPURL.ParsingError) {
                    var url = try HTTPURL(parsing: text)
                    while url.path.hasSuffix("/") { url.path.removeLast() }
                    return url
                } catch {
                    place.refuse(error.sentence)
                    return nil
                }
            },
            render: { .string($0.description) })
    }
}

extension ValueKind where Value == TokenURL {
    /// A URL, or a path on the host of the base URL.
    static var tokenURL: ValueKind {
        let expected = "a URL, or a path such as \"/oauth/access_token\""
        return ValueKind(
            typeName: "URL or path",
            schema: [
                .init("type", "string"),
                .init("pattern", "^(/|[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]+)[^?#]*$"),
            ],
            expected: expected,
            read: { place, _ in
                guard let text = place.node?.string, !text.isEmpty else {
                    place.refuse(expected: expected, .string)
                    return nil
                }
                do throws(HTTPURL.ParsingError) {
                    // Two slashes would name a host (RFC 3986 §4.2).
                    if text.hasPrefix("/"), !text.hasPrefix("//") {
                        try HTTPURL.checkPath(text)
                        return .path(text)
                    }
                    let url = try HTTPURL(parsing: text)
                    if url.scheme == .http, !HTTPURL.isLoopback(host: url.host) {
                        place.warn("id and secret travel unencrypted, because it begins with http://")
                    }
                    return .absolute(url)
                } catch {
                    place.refuse(error.sentence)
                    return nil
                }
            },
            render: { .string($0.description) })
    }
}
