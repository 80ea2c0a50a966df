import GatewayTranslation
import Testing

@testable import GatewayProxy

@Suite("Proxy-Status says who failed and how")
struct ProxyStatusTests {
    private static func problem(_ code: ProblemCode, _ end: AttemptEnd) -> Problem {
        Problem(code, detail: "", origin: .vendor, verdict: OutcomeRule.verdict(on: code, end, of: .update))
    }

    @Test(
        "each failure has the error type of RFC 9209 that is nearest",
        arguments: [
            (problem(.vendorTimeout, .unanswered), "http_response_timeout"),
            (problem(.vendorTimeout, .notSent), "connection_timeout"),
            (problem(.vendorUnreachable, .notSent), "destination_unavailable"),
            (problem(.vendorUnreachable, .unanswered), "http_response_incomplete"),
            (problem(.vendorUnavailable, .answered(status: 400)), "destination_unavailable"),
            (problem(.vendorUnintelligible, .unanswered), "http_protocol_error"),
            (problem(.vendorError, .unanswered), "http_protocol_error"),
            (Problem(.overloaded, detail: ""), "connection_limit_reached"),
            (Problem(.internalError, detail: ""), "proxy_internal_error"),
            (Problem(.malformedJSON, detail: ""), "http_request_error"),
            (Problem(.validationFailed, detail: "", origin: .gateway), "http_request_error"),
            (problem(.validationFailed, .answered(status: 400)), "http_request_denied"),
            (problem(.productNotFound, .answered(status: 400)), "http_request_denied"),
        ])
    func errorTypes(problem: Problem, expected: String) {
        #expect(
            ProxyStatus.value(for: problem)
                == "product-gateway; error=\(expected); details=\"\(problem.code.rawValue)\"")
    }

    @Test("the vendor's status and the target are told where there are any")
    func parameters() {
        let problem = Problem(
            .productNotFound, detail: "", origin: .vendor, target: "cor",
            verdict: OutcomeRule.verdict(on: .productNotFound, .answered(status: 400), of: .update),
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
        let problem = Problem(.overloaded, detail: "Too much.", retryAfterSeconds: 7)
        let answer = Answer(problem, requestID: "r-1")
        #expect(answer.status == 503)
        #expect("\(answer.contentType.text)" == "application/problem+json")
        #expect(answer.retryAfterSeconds == 7)
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(text.contains("\"code\":\"overloaded\""))
        #expect(text.contains("\"requestId\":\"r-1\""))
    }
}
