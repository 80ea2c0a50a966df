import GatewayHTTP2
import NIOHTTP1

/// The fields of a request as HTTP/1.1 has them: the same as over HTTP/2, with `host` in the place of `:authority`.
enum HTTP1RequestHead {
    /// What describes the connection or the framing and not the request: ours to say (RFC 9112 section 9.6,
    /// RFC 9110 section 7.6.1). A dialect that names one of them is not heard.
    private static let connectionFields: Set<String> = [
        "connection", "expect", "host", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding",
        "upgrade",
    ]

    /// - Parameter fields: as `UpstreamRequest.append(to:endpoint:)` makes them.
    /// - Returns: nil where the request cannot stand in a request line.
    static func make(from fields: HTTP2FieldList) -> HTTPRequestHead? {
        var method = ""
        var path = ""
        var host = ""
        var headers: [(String, String)] = []
        fields.forEach { name, value in
            let text = String(decoding: value, as: UTF8.self)
            switch String(decoding: name, as: UTF8.self) {
            case ":method": method = text
            case ":path": path = text
            case ":authority": host = text
            case let name where self.isToken(name) && !self.connectionFields.contains(name):
                headers.append((name, text))
            default: break
            }
        }
        guard self.isToken(method), path.first == "/", path.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: method), uri: path,
            headers: HTTPHeaders([("host", host)] + headers))
    }

    /// RFC 9110 section 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { $0.isASCIILetterOrDigit || "!#$%&'*+-.^_`|~".utf8.contains($0) }
    }
}
