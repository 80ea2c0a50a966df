import GatewayJSON
import GatewayMetrics
import GatewayTranslation
import Logging

/// Lines of streams: each is counted as a single update is, a failed one is remembered, and at `debug` it has a log
/// line of its own.
extension ExchangeRecorder {
    /// Of a line of a stream, what its log line tells.
    struct LinePlace {
        let number: Int
        let stream: RequestID
        let requestID: RequestID
        /// Nil where no spans are sent.
        let trace: StreamTrace?
    }

    /// What the spans of a stream's lines are below; nil where no spans are sent. The stream's trace begins here, where
    /// its caller brought none.
    func streamTrace(_ trace: inout TraceContext?) -> StreamTrace? {
        guard self.tracer != nil else { return nil }
        let context = trace ?? TraceContext(from: &self.random)
        trace = context
        return StreamTrace(context, from: &self.random)
    }

    func streamBegan() { self.ledger.metrics.shard.add(to: .workerStreamsOpen) }

    func streamEnded() { self.ledger.metrics.shard.add(-1, to: .workerStreamsOpen) }

    /// A line has its result from one of its targets.
    func lineEnded(_ delivery: Delivery, at place: LinePlace) {
        self.ledger.lineEnded(delivery, requestID: place.requestID)
        if let trace = place.trace {
            self.tracer?.ended(delivery, of: trace, random: self.random) { span in
                span.line = place.number
                span.requestID = place.requestID.string
            }
        }
        guard case .problem(let problem) = delivery.result else { return }
        self.log(problem, at: place, attempts: delivery.attemptsMade)
    }

    /// A line was not sent to a target, and no delivery was made for it.
    func lineNotSent(_ problem: Problem, _ operation: ProductOperation, to target: Target, at place: LinePlace) {
        self.ledger.lineNotSent(problem, operation, to: target)
        self.log(problem, at: place, attempts: 0)
    }

    /// A line was done by an earlier stream with the same key.
    func lineReplayed() {
        self.ledger.metrics.shard.add(to: .lines, CountedLineOutcome.replayed.rawValue)
    }

    /// A line was refused before its targets were known.
    func lineRefused(_ problem: Problem, at place: LinePlace) {
        self.ledger.metrics.shard.add(to: .lines, CountedLineOutcome.notSent.rawValue)
        self.log(problem, at: place, attempts: 0)
    }

    /// A line is held back, with all others for the target, and sent again.
    func linePostponed(at target: Target) {
        self.ledger.metrics.target(target.name).add(to: .linesPostponed)
    }

    /// A request with several lines is over.
    ///
    /// - Parameter trace: nil where no spans are sent.
    func batchEnded(_ carrier: Delivery, lines: Int, of stream: RequestID, trace: StreamTrace?) {
        if let trace {
            self.tracer?.ended(carrier, of: trace, random: self.random) { span in
                span.lines = lines
                span.requestID = carrier.order.requestID.string
            }
        }
        let metrics = self.ledger.metrics.target(carrier.target.name)
        metrics.add(to: .batches)
        metrics.add(lines, to: .batchLines)
        guard self.takes(.debug) else { return }
        self.append(.debug, message: "batch ended") { output in
            output.append(literal: ",\"requestId\":\"")
            carrier.order.requestID.withBytes { output.append(bytes: $0) }
            output.append(literal: "\",\"streamRequestId\":\"")
            stream.withBytes { output.append(bytes: $0) }
            output.append(literal: "\",\"target\":")
            output.append(quoting: carrier.target.name)
            output.append(literal: ",\"lines\":")
            output.append(decimal: lines)
            if let status = carrier.vendorStatus {
                output.append(literal: ",\"vendorStatus\":")
                output.append(decimal: status)
            }
            if case .problem(let problem) = carrier.result {
                output.append(literal: ",\"code\":\"")
                output.append(text: problem.code.rawValue)
                output.append(literal: "\"")
            }
            output.append(literal: ",\"attempts\":")
            output.append(decimal: carrier.attemptsMade)
        }
    }

    /// A line is sent by itself, because the answer to its batch says nothing of it.
    func lineGoesAlone(at target: Target) {
        self.ledger.metrics.target(target.name).add(to: .batchLinesAlone)
    }

    private func log(_ problem: Problem, at place: LinePlace, attempts: Int) {
        guard self.takes(.debug) else { return }
        self.append(.debug, message: "line failed") { output in
            output.append(literal: ",\"requestId\":\"")
            place.requestID.withBytes { output.append(bytes: $0) }
            output.append(literal: "\",\"streamRequestId\":\"")
            place.stream.withBytes { output.append(bytes: $0) }
            output.append(literal: "\",\"line\":")
            output.append(decimal: place.number)
            if let target = problem.target {
                output.append(literal: ",\"target\":")
                output.append(quoting: target)
            }
            output.append(literal: ",\"code\":\"")
            output.append(text: problem.code.rawValue)
            output.append(literal: "\",\"outcome\":\"")
            output.append(text: problem.outcome.rawValue)
            output.append(literal: "\",\"attempts\":")
            output.append(decimal: attempts)
        }
    }
}
