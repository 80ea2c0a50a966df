import GatewayJSON
import GatewayTranslation

/// How a stream comes to its end: after its last line, before it, or without its caller.
extension BulkStream {
    /// Takes no further line. Those that were taken are finished; the caller is told why this is the end.
    func end(_ problem: Problem) {
        guard !self.state.isInputOver, self.state.fatal == nil else { return }
        self.state.fatal = problem
        self.state.isInputOver = true
        self.reader = JSONLineReader(.lines, bytesMax: 1)
        self.awaitedLine = nil
        self.pump()
    }

    /// The gateway begins to stop: what is under way is finished, nothing else is sent.
    func drain() {
        guard !self.state.isEnded, !self.state.isAbandoned, !self.state.isStopping else { return }
        self.state.isStopping = true
        // Where everything has come and is under way, it may still be complete.
        if self.giveUp() || !self.state.isInputOver {
            self.state.isInputOver = false
            self.end(.stopping(target: nil, operation: .update, wasSent: false))
        }
    }

    /// The caller may send nothing more: what is under way is finished, nothing else is sent.
    func revoke(_ problem: Problem) {
        let isOver = self.state.isInputOver
        self.state.fatal = problem
        self.state.isInputOver = true
        if !isOver { self.reader = JSONLineReader(.lines, bytesMax: 1) }
        _ = self.giveUp { _ in problem }
    }

    /// Nothing of what waits is sent; whether anything did.
    private func giveUp(
        _ problem: (BulkPart) -> Problem = {
            .stopping(target: $0.lane.target.name, operation: $0.line.operation, wasSent: false)
        }
    ) -> Bool {
        let parts = self.lanes.flatMap { $0.giveUp() }
        for part in parts { self.notSent(part, problem(part)) }
        return !parts.isEmpty
    }

    /// The gateway's time to stop is over.
    func cut() {
        self.drain()
        self.cutParts()
        guard let record = self.record else { return }
        record.cut()
        self.record = nil
        self.endIfDone()
    }

    private func cutParts() {
        for lane in self.lanes {
            for part in lane.underWay { part.cut() }
        }
    }

    /// The caller has gone. What has been sent to a vendor is left to its end.
    ///
    /// - Returns: whether something is.
    func callerLeft() -> Bool {
        guard !self.state.isEnded else { return false }
        self.state.isAbandoned = true
        self.state.isStopping = true
        self.state.isInputOver = true
        _ = self.giveUp()
        for lane in self.lanes {
            for part in lane.underWay { part.abandonIfNotSent() }
        }
        self.endIfDone()
        return !self.state.isEnded
    }

    /// Sends the last line once every line has its results.
    func endIfDone() {
        guard self.state.isInputOver, !self.hasLines, !self.state.isEnded else { return }
        if let record = self.record {
            guard !self.state.isClosing else { return }
            self.state.isClosing = true
            record.close {
                self.record = nil
                self.endIfDone()
            }
            return
        }
        self.state.isEnded = true
        self.environment.ended(self)
        self.environment.deliveries.deadlines.cancel(self)
        guard let host = self.host else { return }
        self.host = nil
        if !self.state.isAbandoned {
            if let fatal = self.state.fatal { self.results.append(fatal: fatal, requestID: self.requestID.string) }
            self.results.append(summary: self.totals, isComplete: self.state.fatal == nil)
            let bytes = self.results.take()
            host.extend(by: bytes, isEnd: true)
        }
        host.streamEnded(self.totals)
    }
}
