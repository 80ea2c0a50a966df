package import GatewayTLS

/// Where spans are sent, and how. Immutable; any thread.
package struct TraceEndpoint: Sendable {
    package enum Encoding: String, Sendable {
        case protobuf = "http/protobuf"
        case json = "http/json"

        var mediaType: String {
            switch self {
            case .protobuf: "application/x-protobuf"
            case .json: "application/json"
            }
        }
    }

    package let host: String
    package let port: Int
    /// With the path of the signal: `/v1/traces`.
    package let path: String
    /// Nil without TLS.
    package let tls: TLSContext?
    package let encoding: Encoding
    package let compresses: Bool
    /// Header fields of every request. Their values are secrets.
    let headers: [(name: String, value: [UInt8])]
    /// Attributes of the resource; `service.name` among them.
    let resource: [(name: String, value: String)]

    package init(
        host: String, port: Int, path: String, tls: TLSContext?, encoding: Encoding, compresses: Bool,
        headers: [(name: String, value: [UInt8])], resource: [(name: String, value: String)]
    ) {
        self.host = host
        self.port = port
        self.path = path
        self.tls = tls
        self.encoding = encoding
        self.compresses = compresses
        self.headers = headers
        self.resource = resource
    }

    /// The value of `host`.
    var authority: String { (self.host.contains(":") ? "[\(self.host)]" : self.host) + ":\(self.port)" }

    /// The request with these spans, whole.
    func request(_ spans: [SpanRecord], version: String) -> [UInt8] {
        let content = TraceRequest(
            resource: self.resource.map { SpanAttribute(name: $0.name, value: .text($0.value)) }, version: version,
            spans: spans)
        var body = self.encoding == .json ? content.json : content.protobuf
        var isCompressed = false
        if self.compresses, let compressed = Gzip.compress(body) {
            body = compressed
            isCompressed = true
        }
        var request = Array(
            """
            POST \(self.path) HTTP/1.1\r\nhost: \(self.authority)\r\nuser-agent: product-gateway/\(version)\r\n\
            content-type: \(self.encoding.mediaType)\r\ncontent-length: \(body.count)\r\nconnection: close\r\n\

            """.utf8)
        if isCompressed { request += Array("content-encoding: gzip\r\n".utf8) }
        for header in self.headers { request += Array("\(header.name): ".utf8) + header.value + Array("\r\n".utf8) }
        return request + Array("\r\n".utf8) + body
    }
}
