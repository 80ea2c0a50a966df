import GatewayTranslation
import Testing

@testable import GatewayProxy

@Suite("Proxy-Status says who failed and how")
struct ProxyStatusTests {
    @Test(
        "each failure has the error type of RFC 9209 that is nearest",
        arguments: [
            (Problem(.vendorTimeout, detail: "", origin: .vendor, outcome: .unknown), "http_response_timeout"),
            (Problem(.vendorTimeout, detail: "", origin: .vendor, outcome: .notSent), "connection_timeout"),
            (Problem(.vendorUnreachable, detail: "", origin: .vendor, outcome: .notSent), "destination_unavailable"),
            (Problem(.vendorUnreachable, detail: "", origin: .vendor, outcome: .unknown), "http_response_incomplete"),
            (Problem(.vendorUnavailable, detail: "", origin: .vendor, outcome: .rejected), "destination_unavailable"),
            (Problem(.vendorUnintelligible, detail: "", origin: .vendor, outcome: .unknown), "http_protocol_error"),
            (Problem(.vendorError, detail: "", origin: .vendor, outcome: .unknown), "http_protocol_error"),
            (Problem(.overloaded, detail: ""), "connection_limit_reached"),
            (Problem(.internalError, detail: ""), "proxy_internal_error"),
            (Problem(.malformedJSON, detail: ""), "http_request_error"),
            (Problem(.validationFailed, detail: "", origin: .gateway), "http_request_error"),
            (Problem(.validationFailed, detail: "", origin: .vendor, outcome: .rejected), "http_request_denied"),
            (Problem(.productNotFound, detail: "", origin: .vendor, outcome: .rejected), "http_request_denied"),
        ])
    func errorTypes(problem: Problem, expected: String) {
        #expect(
            ProxyStatus.value(for: problem)
                == "product-gateway; error=\(expected); details=\"\(problem.code.rawValue)\"")
    }

    @Test("the vendor's status and the target are told where there are any")
    func parameters() {
        let problem = Problem(
            .productNotFound, detail: "", origin: .vendor, target: "cor", outcome: .rejected,
            vendor: VendorReport(status: 400))
        #expect(
            ProxyStatus.value(for: problem)
                == "product-gateway; error=http_request_denied; received-status=400; next-hop=\"cor\"; "
                + "details=\"product_not_found\"")
    }

    @Test("every code has a value that is a structured field: no quotes within quotes, no line ends")
    func everyCode() {
        for code in ProblemCode.allCases {
            for origin in [ProblemOrigin.gateway, .vendor] {
                let value = ProxyStatus.value(for: Problem(code, detail: "a \"b\"\r\n", origin: origin))
                #expect(value.allSatisfy { $0.isASCII && !$0.isNewline })
                #expect(value.filter { $0 == "\"" }.count == 2)
            }
        }
    }

    @Test("an answer made of a problem carries its status, its type and when to come back")
    func answer() {
        let problem = Problem(.overloaded, detail: "Too much.", isRetryable: true, retryAfterSeconds: 7)
        let answer = Answer(problem, requestID: "r-1")
        #expect(answer.status == 503)
        #expect("\(answer.contentType.text)" == "application/problem+json")
        #expect(answer.retryAfterSeconds == 7)
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(text.contains("\"code\":\"overloaded\""))
        #expect(text.contains("\"requestId\":\"r-1\""))
    }
}
