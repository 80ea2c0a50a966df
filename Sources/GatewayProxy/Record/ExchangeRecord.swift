import GatewayJSON
import GatewayTranslation

/// What is known of an exchange when it is over: the source of its log line.
///
/// Not copyable, because it is handed around at the end of every request.
struct ExchangeRecord: ~Copyable {
    enum End { case answered, callerLeft }

    let startedAt: UInt64
    var endedAt: UInt64 = 0
    var requestID: RequestID?
    var operation: ProductOperation?
    var targets: [Target] = []
    var isDryRun = false
    /// Set where the gateway answered by itself.
    var refusal: Problem?
    var deliveries: [Delivery] = []
    var end: End = .answered
    /// The gateway stopped before it could be finished.
    var wasCut = false
    var status: Int?
    var bytesReceived = 0
    var bytesSent = 0

    init(startedAt: UInt64) {
        self.startedAt = startedAt
    }

    /// The log line: no product data, no secret, nothing of a vendor's body.
    func write(to writer: inout JSONWriter) {
        if let requestID = self.requestID { writer.member("requestId", requestID.string) }
        if let operation = self.operation { writer.member("operation", operation.rawValue) }
        if self.isDryRun { writer.member("dryRun", raw: Array("true".utf8)) }
        if let status = self.status { writer.member("status", status) }
        if self.wasCut { writer.member("cut", raw: Array("true".utf8)) }
        if self.end == .callerLeft { writer.member("end", "caller_left") }
        if let refusal = self.refusal {
            Self.write(refusal, to: &writer)
            if let target = self.targets.first { writer.member("target", target.name) }
        }
        if self.deliveries.count == 1, let delivery = self.deliveries.first {
            Self.write(delivery, to: &writer)
        } else if !self.deliveries.isEmpty {
            writer.name("results")
            writer.beginArray()
            for delivery in self.deliveries {
                writer.beginObject()
                Self.write(delivery, to: &writer)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.member("durationMicroseconds", Int((self.endedAt - self.startedAt) / 1000))
        writer.member("bytesReceived", self.bytesReceived)
        writer.member("bytesSent", self.bytesSent)
    }

    private static func write(_ problem: Problem, to writer: inout JSONWriter) {
        writer.member("code", problem.code.rawValue)
        writer.member("origin", problem.origin.rawValue)
        writer.member("outcome", problem.outcome.rawValue)
    }

    private static func write(_ delivery: Delivery, to writer: inout JSONWriter) {
        writer.member("target", delivery.target.name)
        if case .problem(let problem) = delivery.result { Self.write(problem, to: &writer) }
        if delivery.wasAbandoned {
            let outcome: Outcome = delivery.mayHaveActed ? .unknown : .notSent
            writer.member("outcome", outcome.rawValue)
        }
        writer.member("attempts", delivery.attemptsMade)
        if let status = delivery.vendorStatus { writer.member("vendorStatus", status) }
    }
}
