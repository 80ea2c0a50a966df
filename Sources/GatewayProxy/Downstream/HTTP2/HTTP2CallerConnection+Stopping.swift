import GatewayHTTP2
import NIOCore

/// How the connection ends when the gateway stops: with the graceful pair of GOAWAY frames (RFC 9113 section 6.8).
extension HTTP2CallerConnection {
    /// Begins the graceful end of the connection (RFC 9113 section 6.8).
    func drain() {
        for exchange in self.exchanges.values { exchange.drain() }
        switch self.machine.drain() {
        case .sendShutdownNotice:
            self.sendShutdownNotice()
        case .putNoticeOff:
            let delay = TimeAmount.nanoseconds(Int64(clamping: self.environment.callers.noticeDelayNanoseconds))
            let bound = NIOLoopBound(self, eventLoop: self.environment.eventLoop)
            self.environment.eventLoop.scheduleTask(in: delay) { bound.value.noticeDue() }
        case .doNothing:
            break
        }
    }

    private func noticeDue() {
        if self.machine.noticeDue() == .sendShutdownNotice { self.sendShutdownNotice() }
    }

    func sendShutdownNotice() {
        do throws(HTTP2Error) { try self.session?.submitShutdownNotice() } catch { self.fail(error) }
        self.markDirty()
        // Callers need a round trip to see the first GOAWAY before the second names the last stream
        // (RFC 9113 section 6.8). Nobody is farther away than half a second.
        let bound = NIOLoopBound(self, eventLoop: self.environment.eventLoop)
        self.environment.eventLoop.scheduleTask(in: .milliseconds(500)) { bound.value.finishDraining() }
    }

    /// The second step of the graceful end, a round trip after the first.
    private func finishDraining() {
        switch self.machine.noticeElapsed() {
        case .sendGoAway:
            self.sendGoAway(.noError)
        case .sendGoAwayAndClose:
            self.sendGoAway(.noError)
            self.closeWhenWritten()
        case .doNothing:
            break
        }
    }

    /// Time is up: every exchange is answered, and the connection ends when the answers have been written.
    func cut() {
        for exchange in Array(self.exchanges.values) { exchange.cut() }
        self.finishDraining()
        self.flush()
    }
}
