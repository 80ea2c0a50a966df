import GatewayTranslation

extension Exchange: DeliveryDelegate {
    /// One of the deliveries has its result.
    func deliveryFinished(_ delivery: Delivery) {
        if delivery.attemptsMade > 0 { self.asksVendors = true }
        if self.keyed == nil {
            // Nobody is left to take it.
            if self.machine.hasLostCaller { delivery.dropDocument() }
            self.resultCame()
        } else {
            self.settle(delivery)
        }
    }

    /// The result of one of the deliveries is there, and kept where it has to be.
    func resultCame() {
        switch self.machine.result() {
        case .answer:
            self.hold(0)
            self.send(self.answerOfDeliveries())
        case .record:
            self.hold(0)
            self.record.end = .callerLeft
            if self.environment.audit != nil { self.recordChange() }
            self.note(status: Answering.status(of: self.deliveries, to: self.question))
            self.writeRecord()
            self.environment.underWay.ended()
            if self.isAbandoned {
                self.sink?.abandonedRequestEnded()
                self.environment.underWay.abandonedEnded(self)
            }
            self.sink = nil
        case .wait, .doNothing:
            break
        }
    }

    /// The exchange's trace: its caller's, or one that begins with the first question for it.
    func traceForAttempt() -> SentTrace {
        let trace = self.trace ?? TraceContext(from: &self.environment.random)
        self.trace = trace
        return SentTrace(trace, from: &self.environment.random)
    }

    /// What is left of the time that the caller waits for its answer (RFC 7240 section 4.3): waiting for another
    /// request with the same key has taken from it. Nil where the caller does not say.
    var waitLeft: UInt64? {
        guard let wait = self.question.preferences.waitNanoseconds else { return nil }
        let gone = self.environment.clock.now() &- self.record.startedAt
        return wait > gone ? wait - gone : 0
    }
}
