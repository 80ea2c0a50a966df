import GatewayJSON
import GatewayTranslation

/// What a stream with an idempotency key does about lines of which something is known.
extension BulkStream {
    /// A line that has come before what is known of it.
    struct AwaitedLine {
        let item: JSONLineReader.Item
        /// Of a text.
        let text: [UInt8]
    }

    /// The record has come to something: a page, or another lease.
    func watch(_ record: StreamRecord) {
        record.onProgress = { [weak self] in self?.pump() }
        record.onLoss = { [weak self] in self?.recordLost($0) }
    }

    /// Whether what is known of the next line is there; if not, the line is kept until it is.
    func reaches(_ item: JSONLineReader.Item) -> Bool {
        guard let record = self.record, !record.reaches(item.number) else { return true }
        var text: [UInt8] = []
        if case .text(_, let bytes) = item { text = self.reader.withBytes(bytes) { Array($0) } }
        self.awaitedLine = AwaitedLine(item: item, text: text)
        return false
    }

    /// Takes a line that is to be delivered: to each of its targets where it is not done.
    ///
    /// - Parameter lanes: the places of its targets.
    func begin(_ line: BulkLine, at lanes: [Int], in record: StreamRecord) {
        record.hold(line.number)
        var isNeeded = false
        for lane in self.lanes {
            let standing = record.standing(of: line.number, at: lane.index)
            guard lanes.contains(lane.index) else {
                // A target that the line does not name has nothing to wait for.
                if standing == .done {
                    self.judge(lane.verification.came(nil, digest: line.digest), at: lane)
                } else {
                    record.finish(line.number, at: lane.index, digest: line.digest)
                }
                continue
            }
            let part = BulkPart(line: line, lane: lane, stream: self)
            if standing == .done, !lane.mustRepeat(line.id) {
                self.judge(lane.verification.came(part, digest: line.digest), at: lane)
                continue
            }
            if standing == .done { self.judge(lane.verification.came(nil, digest: line.digest), at: lane) }
            // What is known by a line's own key is asked when it is sent.
            if line.key == nil {
                part.isBegun = standing == .begun
                part.isBegunKept = part.isBegun
                part.mayHaveActed = part.isBegun
            }
            if let id = line.id, line.number <= record.lastBefore { lane.repeats(id) }
            isNeeded = true
            self.queue(part)
        }
        if !isNeeded { self.drop(line) }
    }

    /// A line is there: those of an earlier block come no more.
    func reach(_ number: Int, in record: StreamRecord) {
        record.take(number)
        for lane in self.lanes {
            let verdict = lane.verification.reach(block: (number - 1) / LineSet.size) {
                record.doneLines(ofBlockWith: number, at: lane.index)
            }
            self.judge(verdict, at: lane)
        }
    }

    private func judge(_ verdict: LineVerification<BulkPart>.Verdict, at lane: BulkLane) {
        switch verdict {
        case .nothing: break
        case .same(let parts): for part in parts { self.replayed(part) }
        case .different(let parts):
            for part in parts {
                let first = (part.line.number - 1) / LineSet.size * LineSet.size + 1
                self.notSent(
                    part,
                    .linesReused(
                        target: lane.target.name, first...(first + LineSet.size - 1),
                        earlier: self.record?.earlierRequestID ?? ""))
            }
        }
    }

    /// No further line comes.
    func endVerification() {
        for lane in self.lanes where lane.verification.waiters > 0 {
            if let fatal = self.state.fatal {
                for part in lane.verification.giveUp() { self.notSent(part, fatal) }
            } else {
                self.judge(lane.verification.end(), at: lane)
            }
        }
    }

    private func replayed(_ part: BulkPart) {
        self.tellReplayed(part, id: part.line.id)
        self.release(part.line)
    }

    private func tellReplayed(_ part: BulkPart, id: [UInt8]?) {
        self.totals.add(.replayed)
        self.environment.recorder.lineReplayed()
        guard !self.state.isAbandoned, !self.question.preferences.isMinimal else { return }
        self.results.append(
            number: part.line.number, id: id, target: part.lane.target.name,
            status: part.line.operation == .create ? 201 : 200, warnings: [], isReplayed: true)
    }

    /// A line is what an earlier one with its own key was.
    func replayed(_ part: BulkPart, _ kept: KeptAnswer) {
        let line = part.line
        if kept.isProblem {
            self.record?.release(line.number, at: part.lane.index)
            self.totals.add(kept.outcome?.countedOfLine ?? .rejected)
            self.environment.recorder.lineReplayed()
            if !self.state.isAbandoned { self.results.append(number: line.number, id: line.id, replayed: kept.body) }
        } else {
            self.record?.finish(line.number, at: part.lane.index, digest: line.digest)
            self.tellReplayed(part, id: kept.location ?? line.id)
        }
        self.ended(part, hasFailed: kept.isProblem)
    }

    /// Keeps what a part has come to.
    ///
    /// - Parameter done: called when the caller may be told: for a create when that is kept, or after a second, so that
    ///   a repetition knows what the caller does.
    func keep(_ part: BulkPart, _ delivery: Delivery, done: @escaping () -> Void) {
        guard let record = self.record, !self.question.isDryRun else { return done() }
        let (line, lane) = (part.line, part.lane.index)
        var problem: Problem?
        if case .problem(let failure) = delivery.result { problem = failure }
        switch KeepRule.verdict(on: delivery.resultKind, problem, mayHaveActed: delivery.mayHaveActed) {
        case .keep where problem == nil:
            record.finish(line.number, at: lane, digest: line.digest)
            if line.operation == .create {
                return record.whenKept(patience: StreamRecord.settleNanoseconds, done)
            }
        case .keep where problem?.outcome == .partial && line.operation == .create:
            // There is a product: nothing may make another one.
            break
        case .keep, .release:
            // Nothing has changed: the line is open, and may be corrected.
            record.release(line.number, at: lane)
        case .leaveOpen:
            break
        }
        done()
    }

    /// The record is another stream's, or cannot be had.
    private func recordLost(_ problem: Problem) {
        guard !self.state.isEnded else { return }
        self.state.isStopping = true
        for lane in self.lanes {
            for part in lane.giveUp() { self.notSent(part, problem) }
        }
        self.awaitedLine = nil
        self.end(problem)
        self.pump()
    }
}

extension JSONLineReader.Item {
    var number: Int {
        switch self {
        case .text(let number, _), .tooLong(let number), .unframed(let number): number
        }
    }
}
