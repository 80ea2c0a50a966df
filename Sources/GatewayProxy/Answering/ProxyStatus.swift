import GatewayHTTP
package import GatewayTranslation

/// The `Proxy-Status` field (RFC 9209): who failed and how, for whatever reads headers only.
package enum ProxyStatus {
    package static func value(for problem: Problem) -> String {
        String(decoding: self.bytes(for: problem), as: UTF8.self)
    }

    static func bytes(for problem: Problem) -> [UInt8] {
        // The usual ones need two thirds of that.
        var item = StructuredItem(token: "product-gateway", capacity: 192)
        item.append("error", token: self.errorType(problem))
        if let status = problem.vendor?.status { item.append("received-status", integer: status) }
        if let target = problem.target { item.append("next-hop", string: target) }
        item.append("details", string: problem.code.rawValue)
        return item.bytes
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
