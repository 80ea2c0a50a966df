import GatewayStore
import GatewayTranslation

/// How what has changed gets into the store.
extension StreamRecord {
    /// Whether all that has changed is kept.
    var isKept: Bool { self.keptChanges == self.changes }

    /// Keeps what has changed so far, together with what else changes within this tick of the event loop.
    ///
    /// - Parameters:
    ///   - patience: after which `take` is called in any case, in nanoseconds; nil where the asker has a deadline of
    ///     its own.
    ///   - take: called once, when that is kept, or the record is lost; never within this call.
    func whenKept(patience: UInt64?, _ take: @escaping () -> Void) {
        self.waiters.append(
            Waiter(changes: self.changes, until: patience.map { self.now &+ $0 }, take: take))
        guard !self.writeIsDue else { return }
        self.writeIsDue = true
        let reply = LoopReply<Void>(to: self.room.eventLoop) {
            self.writeIsDue = false
            self.write()
            self.tellWaiters(now: self.now)
            self.scheduleNext()
        }
        reply.send(())
    }

    /// Writes all pages that have changed; one round at a time.
    func write() {
        guard case .open = self.state, self.writing == nil else { return }
        self.writesAt = nil
        let changed = self.pages.filter(\.value.isChanged).keys.sorted()
        guard !changed.isEmpty else {
            self.keptChanges = self.changes
            return
        }
        self.rounds += 1
        let round = self.rounds
        self.writing = WritingRound(
            number: round, changes: self.changes, pages: changed, outstanding: changed.count, since: self.now)
        for page in changed {
            guard let kept = self.pages[page] else { continue }
            self.pages[page]?.isChanged = false
            self.put(kept.name, kept.lines.bytes, isLast: false) { self.written(page, $0, round: round) }
        }
    }

    func put(_ name: RecordName, _ bytes: [UInt8], isLast: Bool, take: @escaping (WriteResult) -> Void) {
        let askedAt = self.now
        let counted: (WriteResult) -> Void = { result in
            self.room.countAdvance(result, since: askedAt)
            take(result)
        }
        let result = self.room.store.settle(
            name, owner: self.claim.owner, target: Self.linesPart, .done(bytes), isLast: isLast, at: self.room.time
        ) {
            let reply = LoopReply<WriteResult>(to: self.room.eventLoop, take: counted)
            return { reply.send($0) }
        }
        if let result { counted(result) }
    }

    private func written(_ page: Int, _ result: WriteResult, round: Int) {
        guard var writing = self.writing, writing.number == round else {
            if result == .lost { self.lose() }
            return
        }
        writing.outstanding -= 1
        switch result {
        case .written: break
        case .lost: return self.lose()
        case .failed:
            writing.hasFailed = true
            self.pages[page]?.isChanged = true
        }
        self.writing = writing
        guard writing.outstanding == 0 else { return }
        self.writing = nil
        if !writing.hasFailed { self.keptChanges = writing.changes }
        self.forgetPages()
        let now = self.now
        self.tellWaiters(now: now)
        if self.keptChanges != self.changes {
            let isAwaited = !self.waiters.isEmpty && !writing.hasFailed
            self.writesAt = isAwaited ? now : now &+ Self.writePauseNanoseconds
            if isAwaited { self.write() }
        }
        self.scheduleNext()
    }

    /// Those whose changes are kept, and those who wait no longer.
    private func tellWaiters(now: UInt64) {
        var told: [Waiter] = []
        self.waiters.removeAll { waiter in
            let isOver = waiter.changes <= self.keptChanges || (waiter.until ?? .max) <= now
            if isOver { told.append(waiter) }
            return isOver
        }
        for waiter in told {
            if waiter.changes > self.keptChanges {
                self.room.countTimeOut()
                self.room.countOutcome(.unrecorded)
            }
            waiter.take()
        }
    }

    func timePassed(now: UInt64) {
        if let writing = self.writing, now &- writing.since >= Self.settleNanoseconds {
            // The store does not answer: what it was to keep is written again.
            for page in writing.pages { self.pages[page]?.isChanged = true }
            self.writing = nil
            self.writesAt = now &+ Self.retryNanoseconds
        }
        self.tellWaiters(now: now)
        if let moment = self.writesAt, now >= moment { self.write() }
        self.loadAgain(now: now)
    }

    // MARK: The end

    /// Keeps everything and gives the record back.
    ///
    /// - Parameter done: called once: when that is done, or cannot be; within the call where the store answers at once.
    func close(done: @escaping () -> Void) {
        self.onProgress = nil
        self.onLoss = nil
        guard case .open = self.state else { return done() }
        guard !self.isKept else { return self.end(done) }
        self.whenKept(patience: Self.settleNanoseconds) { self.end(done) }
    }

    private func end(_ done: @escaping () -> Void) {
        guard case .open = self.state else { return done() }
        self.state = .ending(done)
        self.room.deadlines.schedule(self, in: Self.settleNanoseconds)
        self.put(self.claim.name, self.head.bytes, isLast: true) { _ in self.ended() }
    }

    /// The record has been given back, or the store does not say so.
    func ended() {
        guard case .ending(let done) = self.state else { return }
        self.state = .over
        self.room.deadlines.cancel(self)
        done()
    }

    /// Gives the record to the store as it stands, and waits for nothing: the gateway ends.
    func cut() {
        self.onProgress = nil
        self.onLoss = nil
        if case .ending = self.state { return self.ended() }
        guard case .open = self.state else { return }
        for kept in self.pages.values where kept.isChanged {
            self.put(kept.name, kept.lines.bytes, isLast: false) { _ in }
        }
        self.giveBack()
        self.state = .over
        self.room.deadlines.cancel(self)
        let waiters = self.waiters
        self.waiters = []
        for waiter in waiters { waiter.take() }
    }
}
