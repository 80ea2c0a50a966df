import GatewayTranslation

/// Whether lines may be sent now: the caller's standing, its limits, and the audit.
extension BulkStream {
    /// Whether the caller is still one who may send lines; if not, the stream ends.
    func mayGoOn() -> Bool {
        guard let host = self.host, !self.state.isAbandoned, self.state.fatal?.code != .unauthenticated else {
            return self.state.fatal?.code != .unauthenticated
        }
        do throws(Problem) {
            self.caller = try host.callerNow()
            return true
        } catch {
            self.revoke(error)
            return false
        }
    }

    /// Whether the audit and the caller's own limits let the lane's next part go; if not, the lane waits.
    func mayStart(_ lane: BulkLane, now: UInt64) -> Bool {
        if let record = self.record, !record.holds(until: now &+ lane.target.timeouts.totalNanoseconds) {
            lane.pace.pause(for: BulkLimits.tickNanoseconds, now: now, reason: .storeUnavailable)
            return false
        }
        guard let part = lane.ready.first else { return true }
        if let host = self.host, !self.question.isDryRun, !host.takesChanges || !host.beginChange(part) {
            lane.pace.pause(for: BulkLimits.tickNanoseconds, now: now, reason: .overloaded)
            return false
        }
        guard let limits = self.caller?.limits, !part.isCounted else { return true }
        let reading = limits.take(1, now: now)
        part.isCounted = reading.isAdmitted
        if !part.isCounted { lane.pace.pause(for: max(1, reading.waitNanoseconds), now: now, reason: .rateLimited) }
        return part.isCounted
    }
}
