import GatewayTranslation

/// The exchange as a person reads it.
extension ExchangeRecord {
    /// By name where the caller is known by one; otherwise its address.
    var callerName: String { self.question.caller?.name ?? self.caller }

    var line: ExchangeLine {
        var line = ExchangeLine()
        line.caller = self.callerName
        line.operation = self.countedOperation.label
        line.requestID = self.requestID?.string ?? ""
        line.status = self.end == .callerLeft ? nil : self.status
        line.microseconds = Int(truncatingIfNeeded: (self.endedAt &- self.startedAt) / 1000)
        if let stream = self.stream {
            line.lines = ExchangeLine.Lines(
                all: stream.lines, done: stream.done, partial: stream.partial, rejected: stream.rejected,
                unknown: stream.unknown, notSent: stream.notSent)
        }
        line.results = self.deliveries.map { ExchangeLine.Result($0) }
        if line.results.isEmpty {
            let names = self.targets.isEmpty ? [nil] : self.targets.map { Optional($0.name) }
            let isFailure = self.refusal.map { $0.code.status >= 500 } ?? false
            line.results = names.map { ExchangeLine.Result(target: $0, code: self.code, isFailure: isFailure) }
        }
        return line
    }
}

extension ExchangeLine.Result {
    fileprivate init(_ delivery: Delivery) {
        let (code, isFailure): (String, Bool) =
            switch delivery.resultKind {
            case .success: ("ok", false)
            case .dryRun: ("dry_run", false)
            case .replayed: (delivery.kept?.code ?? "", false)
            case .none: ("caller_left", false)
            case .problem:
                if case .problem(let problem) = delivery.result {
                    (problem.code.rawValue, problem.code.status >= 500)
                } else {
                    ("", true)
                }
            }
        self.init(target: delivery.target.name, code: code, isFailure: isFailure)
    }
}
