import GatewayJSON
import GatewayMetrics
import GatewayTranslation
import Logging

/// The one line of an exchange; docs/logs.md explains its members.
extension ExchangeRecord {
    /// `info` for what went as the gateway and the vendor want it, refusals with reasons included; what somebody has to
    /// look at is more.
    var level: Logger.Level {
        if self.refusal?.code == .internalError { return .error }
        let isOurs = self.wasCut || self.refusal.map { $0.code.status >= 500 } == true
        var level: Logger.Level = isOurs ? .warning : .info
        for delivery in self.deliveries where delivery.hasFailed {
            guard case .problem(let problem) = delivery.result, problem.code.status >= 500 else { continue }
            if problem.code == .internalError { return .error }
            level = .warning
        }
        return level
    }

    /// Writes the members of the line: no product data, no secret, nothing of a vendor's body.
    func write(to writer: inout JSONWriter) {
        if let requestID = self.requestID {
            writer.name("requestId")
            writer.quoted(requestID.bytes)
        }
        if let trace = self.trace {
            writer.member("traceId", trace.traceID.string)
            if let callerID = trace.callerID { writer.member("parentId", HexDigits.string(callerID)) }
        }
        if !self.caller.isEmpty { writer.member("caller", self.caller) }
        writer.member("operation", self.countedOperation.label)
        if self.isDryRun { writer.member("dryRun", true) }
        if let status = self.status { writer.member("status", status) }
        if self.wasCut { writer.member("cut", true) }
        if self.end == .callerLeft { writer.member("end", "caller_left") }
        self.writeResults(to: &writer)
        writer.member("durationMicroseconds", Self.microseconds(self.endedAt &- self.startedAt))
        writer.member("bytesReceived", self.bytesReceived)
        writer.member("bytesSent", self.bytesSent)
    }

    private func writeResults(to writer: inout JSONWriter) {
        if let refusal = self.refusal {
            if let target = self.targets.first { writer.member("target", target.name) }
            Self.write(refusal, to: &writer)
        } else if self.deliveries.count == 1, let delivery = self.deliveries.first {
            Self.write(delivery, to: &writer)
        } else {
            writer.member("code", self.code)
            if !self.deliveries.isEmpty {
                writer.name("results")
                writer.beginArray()
                for delivery in self.deliveries {
                    writer.beginObject()
                    Self.write(delivery, to: &writer)
                    writer.endObject()
                }
                writer.endArray()
            } else if self.end == .callerLeft {
                writer.member("outcome", Outcome.notSent.rawValue)
            }
        }
    }

    private static func write(_ problem: Problem, to writer: inout JSONWriter) {
        writer.member("code", problem.code.rawValue)
        writer.member("origin", problem.origin.rawValue)
        writer.member("outcome", problem.outcome.rawValue)
    }

    private static func write(_ delivery: Delivery, to writer: inout JSONWriter) {
        writer.member("target", delivery.target.name)
        switch delivery.result {
        case .product, .vendorDocument:
            writer.member("code", LabelValues.ok)
            writer.member("outcome", "done")
        case .dryRun:
            writer.member("code", LabelValues.dryRun)
            writer.member("outcome", Outcome.notSent.rawValue)
        case .problem(let problem):
            self.write(problem, to: &writer)
        case nil:
            let outcome: Outcome = delivery.mayHaveActed ? .unknown : .notSent
            writer.member("code", LabelValues.callerLeft)
            writer.member("outcome", outcome.rawValue)
        }
        writer.member("attempts", delivery.attemptsMade)
        if let status = delivery.vendorStatus { writer.member("vendorStatus", status) }
        guard let nanoseconds = delivery.durationNanoseconds else { return }
        writer.member("targetMicroseconds", self.microseconds(nanoseconds))
        writer.member("vendorMicroseconds", self.microseconds(delivery.vendor.nanoseconds))
        writer.member("vendorBytesSent", delivery.vendor.bytesSent)
        writer.member("vendorBytesReceived", delivery.vendor.bytesReceived)
    }

    private static func microseconds(_ nanoseconds: UInt64) -> Int {
        Int(truncatingIfNeeded: nanoseconds / 1000)
    }
}
