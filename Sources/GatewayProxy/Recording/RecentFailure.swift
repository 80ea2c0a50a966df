import GatewayMetrics
import GatewayTranslation

/// A failure that operators may ask about: no product data, no secret, nothing of a vendor's body.
struct RecentFailure: Sendable {
    var epochMilliseconds: Int
    var requestID: String
    var traceID: TraceID?
    var operation: CountedOperation
    var target: String?
    var code: ProblemCode
    var origin: ProblemOrigin
    var outcome: Outcome
    var attempts: Int
    var vendorStatus: Int?
    var durationMicroseconds: Int
    /// Only where the words are the gateway's own.
    var detail: String?

    var isRefusal: Bool { self.code.isRefusal }

    /// Details of these codes speak of connections and time, never of the document.
    static func detail(of problem: Problem) -> String? {
        switch problem.code {
        case .vendorUnreachable, .vendorTimeout, .overloaded, .vendorCredentialsRejected:
            problem.vendor?.detail == nil ? problem.detail : nil
        default: nil
        }
    }
}

extension ProblemCode {
    /// A refusal with reasons, by the gateway or the vendor: the caller has to change something.
    var isRefusal: Bool { self.status < 500 }
}
