import GatewayJSON
package import GatewayTranslation

extension Answer {
    /// A problem document, with the fields that go with it.
    init(_ problem: Problem, requestID: String) {
        self.init(
            status: problem.status, contentType: .problem, body: problem.json(requestID: requestID),
            retryAfterSeconds: problem.retryAfterSeconds,
            proxyStatus: ProxyStatus.bytes(for: problem))
    }
}

/// The `Proxy-Status` field (RFC 9209): who failed and how, for whatever reads headers only.
package enum ProxyStatus {
    package static func value(for problem: Problem) -> String {
        String(decoding: self.bytes(for: problem), as: UTF8.self)
    }

    /// The names of targets and codes need no escape.
    static func bytes(for problem: Problem) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(192)  // of which the usual ones need two thirds
        bytes.append(literal: "product-gateway; error=")
        bytes.append(literal: self.errorType(problem))
        if let status = problem.vendor?.status {
            bytes.append(literal: "; received-status=")
            bytes.append(decimal: status)
        }
        if let target = problem.target {
            bytes.append(literal: "; next-hop=\"")
            bytes.append(text: target)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(literal: "; details=\"")
        bytes.append(text: problem.code.rawValue)
        bytes.append(UInt8(ascii: "\""))
        return bytes
    }

    /// The nearest of the error types that the RFC registers (section 2.3).
    private static func errorType(_ problem: Problem) -> StaticString {
        switch problem.code {
        case .vendorTimeout:
            problem.outcome == .notSent ? "connection_timeout" : "http_response_timeout"
        case .vendorUnreachable:
            problem.outcome == .notSent ? "destination_unavailable" : "http_response_incomplete"
        case .vendorUnavailable: "destination_unavailable"
        case .vendorUnintelligible: "http_protocol_error"
        case .overloaded: "connection_limit_reached"
        case .internalError: "proxy_internal_error"
        case .vendorError, .vendorCredentialsRejected: "http_protocol_error"
        default: problem.origin == .vendor ? "http_request_denied" : "http_request_error"
        }
    }
}
