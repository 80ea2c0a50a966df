package import GatewayTranslation

extension Answer {
    /// A problem document, with the fields that go with it.
    init(_ problem: Problem, requestID: String) {
        self.init(
            status: problem.status, contentType: .problem, body: problem.json(requestID: requestID),
            retryAfterSeconds: problem.retryAfterSeconds,
            proxyStatus: ProxyStatus.value(for: problem))
    }
}

/// The `Proxy-Status` field (RFC 9209): who failed and how, for whatever reads headers only.
package enum ProxyStatus {
    package static func value(for problem: Problem) -> String {
        var value = "product-gateway; error=\(self.errorType(problem))"
        if let status = problem.vendor?.status { value += "; received-status=\(status)" }
        if let target = problem.target { value += "; next-hop=\"\(target)\"" }
        return value + "; details=\"\(problem.code.rawValue)\""
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
