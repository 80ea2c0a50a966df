import GatewayTranslation

/// What a stream does when time passes.
extension BulkStream {
    /// The clock has ticked, or a pause is over.
    func tick() {
        let now = self.now
        guard !self.state.isEnded, !self.state.isAbandoned else { return }
        if !self.state.isInputOver, self.input.isLate(now: now, isAwaited: self.awaitsCaller, line: self.lineComing) {
            self.end(.streamStands)
        }
        if !self.state.isInputOver { _ = self.mayGoOn() }
        self.tellProgress(now: now)
        self.pump()
        if !self.state.isEnded { self.scheduleTick(now: now) }
    }

    private func scheduleTick(now: UInt64) {
        var next = now &+ BulkLimits.tickNanoseconds
        for lane in self.lanes where lane.pace.isPaused(now: now) && !lane.ready.isEmpty {
            next = min(next, lane.pace.pausedUntil)
        }
        self.environment.deliveries.deadlines.schedule(self, at: next)
    }

    /// Once a second: whom the stream waits for, while it waits; and what has become of its lines, for a caller that is
    /// told of failures only. Not to a caller that does not read.
    private func tellProgress(now: UInt64) {
        guard self.unreadBytes <= BulkLimits.unreadBytesMax, now &- self.progressAt >= BulkLimits.tickNanoseconds else {
            return
        }
        let waiting = self.lanes.filter { $0.pace.isPaused(now: now) && !$0.ready.isEmpty }.compactMap { lane in
            lane.pace.reason.map {
                BulkResults.Waiting(
                    target: lane.target.name, code: $0,
                    seconds: Int(clamping: (lane.pace.pausedUntil &- now &+ 999_999_999) / 1_000_000_000))
            }
        }
        guard !waiting.isEmpty || (self.question.preferences.isMinimal && self.totals != self.toldTotals) else {
            return
        }
        self.progressAt = now
        self.toldTotals = self.totals
        self.results.append(progress: self.totals, waiting: waiting)
        self.sendResults()
    }
}
