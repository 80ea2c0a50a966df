import GatewayHTTP
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
        // Nearly always none has.
        guard self.deliveries.contains(where: { $0.hasFailed }) else { return level }
        for delivery in self.deliveries {
            guard case .problem(let problem) = delivery.result, problem.code.status >= 500 else { continue }
            if problem.code == .internalError { return .error }
            level = .warning
        }
        return level
    }

    /// Writes the members of the line, each behind a comma: no product data, no secret, nothing of a vendor's body.
    borrowing func write(to line: inout JSONOutput) {
        if let requestID = self.requestID {
            line.append(literal: ",\"requestId\":\"")
            // None has anything that would have to be escaped.
            requestID.withBytes { line.append(bytes: $0) }
            line.append(UInt8(ascii: "\""))
        }
        if let trace = self.trace {
            line.append(literal: ",\"traceId\":\"")
            line.append(hexadecimal: trace.traceID.high)
            line.append(hexadecimal: trace.traceID.low)
            line.append(UInt8(ascii: "\""))
            if let callerID = trace.callerID {
                line.append(literal: ",\"parentId\":\"")
                line.append(hexadecimal: callerID)
                line.append(UInt8(ascii: "\""))
            }
        }
        self.writeCaller(to: &line)
        line.append(literal: ",\"operation\":\"")
        line.append(text: self.countedOperation.label)
        line.append(UInt8(ascii: "\""))
        if self.isDryRun { line.append(literal: ",\"dryRun\":true") }
        if let key = self.key {
            line.append(literal: ",\"key\":\"")
            HexDigits.withDigits(of: key.digits) { line.append(bytes: $0) }
            line.append(UInt8(ascii: "\""))
            if let earlier = key.earlierRequestID {
                line.append(literal: ",\"earlierRequestId\":")
                line.append(quoting: earlier)
            }
        }
        if let status = self.status { line.append(member: ",\"status\":", status) }
        if self.wasCut { line.append(literal: ",\"cut\":true") }
        if self.end == .callerLeft {
            line.append(literal: ",\"end\":\"caller_left\"")
        } else if self.unreadBytes > 0 {
            line.append(literal: ",\"end\":\"answer_unread\"")
        }
        self.writeResults(to: &line)
        if let totals = self.stream {
            line.append(member: ",\"lines\":", totals.lines)
            line.append(member: ",\"done\":", totals.done)
            line.append(member: ",\"partial\":", totals.partial)
            line.append(member: ",\"rejected\":", totals.rejected)
            line.append(member: ",\"unknown\":", totals.unknown)
            line.append(member: ",\"notSent\":", totals.notSent)
        }
        line.append(
            member: ",\"durationMicroseconds\":", Self.microseconds(self.endedAt &- self.startedAt))
        line.append(member: ",\"bytesReceived\":", self.bytesReceived)
        line.append(member: ",\"bytesSent\":", self.bytesSent)
    }

    /// By name where the caller is known by one, with the address beside it; otherwise the address.
    private borrowing func writeCaller(to line: inout JSONOutput) {
        if let known = self.question.caller {
            line.append(literal: ",\"caller\":")
            line.append(quoting: known.name)
            guard !self.caller.isEmpty else { return }
            line.append(literal: ",\"callerAddress\":")
            line.append(quoting: self.caller)
        } else if !self.caller.isEmpty {
            line.append(literal: ",\"caller\":")
            line.append(quoting: self.caller)
        }
    }

    private borrowing func writeResults(to line: inout JSONOutput) {
        if let refusal = self.refusal {
            if let target = self.targets.first {
                line.append(literal: ",\"target\":")
                line.append(quoting: target.name)
            }
            Self.write(refusal, to: &line)
        } else if let delivery = self.deliveries.only {
            Self.write(delivery, to: &line)
        } else {
            if self.stream != nil, self.targets.count == 1 {
                line.append(literal: ",\"target\":")
                line.append(quoting: self.targets[0].name)
            }
            line.append(literal: ",\"code\":\"")
            line.append(text: self.code)
            line.append(UInt8(ascii: "\""))
            if !self.deliveries.isEmpty {
                line.append(literal: ",\"results\":")
                for (position, delivery) in self.deliveries.enumerated() {
                    let start = line.count + 1
                    line.append(literal: position == 0 ? "[" : ",")
                    Self.write(delivery, to: &line)
                    // The first member's comma is where the object begins.
                    line.replace(at: start, with: UInt8(ascii: "{"))
                    line.append(UInt8(ascii: "}"))
                }
                line.append(UInt8(ascii: "]"))
            } else if self.end == .callerLeft, self.stream == nil {
                line.append(literal: ",\"outcome\":\"not_sent\"")
            }
        }
    }

    private static func write(_ problem: Problem, to line: inout JSONOutput) {
        line.append(literal: ",\"code\":\"")
        line.append(text: problem.code.rawValue)
        line.append(literal: problem.origin == .vendor ? "\",\"origin\":\"vendor\"" : "\",\"origin\":\"gateway\"")
        self.write(problem.outcome, to: &line)
    }

    private static func write(_ outcome: Outcome, to line: inout JSONOutput) {
        switch outcome {
        case .notSent: line.append(literal: ",\"outcome\":\"not_sent\"")
        case .rejected: line.append(literal: ",\"outcome\":\"rejected\"")
        case .unknown: line.append(literal: ",\"outcome\":\"unknown\"")
        case .partial: line.append(literal: ",\"outcome\":\"partial\"")
        }
    }

    private static func write(_ delivery: Delivery, to line: inout JSONOutput) {
        line.append(literal: ",\"target\":")
        line.append(quoting: delivery.target.name)
        switch delivery.resultKind {
        case .success:
            line.append(literal: ",\"code\":\"ok\",\"outcome\":\"done\"")
        case .dryRun:
            line.append(literal: ",\"code\":\"dry_run\"")
            self.write(Outcome.notSent, to: &line)
        case .problem:
            if case .problem(let problem) = delivery.result { self.write(problem, to: &line) }
        case .replayed:
            line.append(literal: ",\"code\":")
            line.append(quoting: delivery.kept?.code ?? "")
            if let outcome = delivery.kept?.outcome {
                self.write(outcome, to: &line)
            } else {
                line.append(literal: ",\"outcome\":\"done\"")
            }
            line.append(literal: ",\"replayed\":true")
        case .none:
            line.append(literal: ",\"code\":\"caller_left\"")
            self.write(OutcomeRule.outcome(ofAbandoned: delivery.mayHaveActed), to: &line)
        }
        line.append(member: ",\"attempts\":", delivery.attemptsMade)
        if let status = delivery.vendorStatus { line.append(member: ",\"vendorStatus\":", status) }
        guard let nanoseconds = delivery.durationNanoseconds else { return }
        line.append(member: ",\"targetMicroseconds\":", self.microseconds(nanoseconds))
        line.append(member: ",\"vendorMicroseconds\":", self.microseconds(delivery.vendor.nanoseconds))
        line.append(member: ",\"vendorBytesSent\":", delivery.vendor.bytesSent)
        line.append(member: ",\"vendorBytesReceived\":", delivery.vendor.bytesReceived)
    }

    private static func microseconds(_ nanoseconds: UInt64) -> Int {
        Int(truncatingIfNeeded: nanoseconds / 1000)
    }
}

extension JSONOutput {
    /// A member with a whole number. The name comes with all that stands around it.
    @inline(__always)
    fileprivate mutating func append(member name: StaticString, _ value: Int) {
        self.append(literal: name)
        self.append(decimal: value)
    }

    @inline(__always)
    fileprivate mutating func append(hexadecimal value: UInt64) {
        HexDigits.withDigits(of: value) { self.append(bytes: $0) }
    }
}
