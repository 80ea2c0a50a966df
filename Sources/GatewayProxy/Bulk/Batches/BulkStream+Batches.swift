import GatewayTranslation
import NIOCore

/// How a stream sends lines together, where its target takes batches.
extension BulkStream {
    /// Sends what is ready, in batches. Behind everything that this turn of the event loop brings: what has come is
    /// gathered then, and nobody waits for what has not.
    func startBatchesLater(of lane: BulkLane) {
        guard !lane.batchesAreDue else { return }
        lane.batchesAreDue = true
        let bound = NIOLoopBound(self, eventLoop: self.environment.deliveries.eventLoop)
        let index = lane.index
        self.environment.deliveries.eventLoop.execute {
            let stream = bound.value
            stream.lanes[index].batchesAreDue = false
            stream.startBatches(of: stream.lanes[index])
            stream.giveCredit()
            stream.sendResults()
            stream.endIfDone()
        }
    }

    private func startBatches(of lane: BulkLane) {
        guard !lane.ready.isEmpty, self.mayGoOn() else { return }
        let deliveries = self.environment.deliveries
        let now = self.now
        var singles = 0
        while let part = lane.ready.first, lane.pace.maySend(now: now, room: deliveries.room(at: lane.target)) {
            guard let plan = self.batchPlan(for: part) else {
                guard self.startNext(of: lane, now: now) else { return }
                singles += 1
                if singles >= BulkLimits.linesPerTurn { return self.startBatchesLater(of: lane) }
                continue
            }
            guard lane.batchPace.mayStart else { return }
            let goesOn = self.startBatch(of: part.line.operation, to: lane, by: plan, now: now)
            // Others get their turn on the event loop before the next one.
            if goesOn, !lane.ready.isEmpty { self.startBatchesLater(of: lane) }
            return
        }
    }

    /// Nil where the part goes alone: its line has a key of its own, was or may have been sent before, or its target
    /// takes no batches now.
    private func batchPlan(for part: BulkPart) -> BatchPlan? {
        guard !part.goesAlone, part.line.key == nil, !self.question.isDryRun, part.lane.batchPace.takesBatches,
            part.isRepeatable || !part.mayHaveActed
        else { return nil }
        return part.lane.target.plan.batch(of: part.line.operation)
    }

    /// Gathers what is ready, and sends it. What cannot go with others goes alone.
    ///
    /// - Returns: false where nothing may be sent now.
    private func startBatch(
        of operation: ProductOperation, to lane: BulkLane, by plan: BatchPlan, now: UInt64
    ) -> Bool {
        let deliveries = self.environment.deliveries
        let batch = BulkBatch(
            of: operation, to: lane, in: self, requestID: RequestID(from: &deliveries.random))
        let linesMax = min(plan.itemsMax, lane.batchPace.linesMax)
        var mayGoOn = true
        while batch.items.count < linesMax, let part = lane.ready.first, part.line.operation == operation,
            self.batchPlan(for: part) != nil
        {
            guard self.mayStart(lane, now: now) else {
                mayGoOn = false
                break
            }
            let delivery = Delivery(self.order(for: part), to: lane.target, environment: deliveries, delegate: part)
            if part.mayHaveActed { delivery.repeatsUnknownAttempt() }
            guard delivery.translateAsItem(part.line.product), let item = delivery.request else {
                // It is refused, or takes more than one request: either is seen to alone, and the others go together.
                part.goesAlone = true
                guard lane.pace.maySend(now: now, room: deliveries.room(at: lane.target)),
                    self.startNext(of: lane, now: now)
                else { break }
                continue
            }
            guard batch.takes(item, plan) else { break }
            lane.travels()
            part.delivery = delivery
            batch.append(part, item)
        }
        self.send(batch)
        return mayGoOn
    }

    private func send(_ batch: BulkBatch) {
        guard let first = batch.parts.first else { return }
        let deliveries = self.environment.deliveries
        guard batch.parts.count > 1 else {
            // One line is a single update, and is answered as one.
            first.delivery = nil
            batch.lane.pace.sent()
            first.send(self.order(for: first), environment: deliveries)
            return
        }
        batch.lane.pace.sent()
        batch.send(self.order(for: batch), environment: deliveries)
    }

    private func order(for batch: BulkBatch) -> DeliveryOrder {
        DeliveryOrder(
            operation: batch.operation, productID: nil, requestID: batch.requestID,
            connection: ObjectIdentifier(self), handling: self.question.preferences.handling, isDryRun: false,
            ifMatch: nil, isForSeveral: false, isForOneWholeAnswer: false, wantsProduct: false, caller: self.caller,
            isOfStream: true)
    }

    // MARK: Results

    /// A batch has come to something: each line is told what the answer says of it; where it says nothing, what has
    /// become of all together.
    func ended(_ batch: BulkBatch, _ carrier: Delivery) {
        let lane = batch.lane
        lane.pace.ended(carrier.paceEnd)
        self.environment.recorder.batchEnded(
            carrier, lines: batch.parts.count, of: self.requestID, trace: self.trace)
        var problem: Problem?
        if case .problem(let whole) = carrier.result { problem = whole.ofBatch(of: batch.parts.count) }
        lane.batchPace.ended(
            batch.answers != nil ? .taken : problem?.endOfBatch ?? .nothing, lines: batch.parts.count,
            took: carrier.vendor.nanoseconds, attempt: lane.target.timeouts.attemptNanoseconds)
        for (position, part) in batch.parts.enumerated() {
            part.batch = nil
            guard let delivery = part.delivery else { continue }
            // Its place was the batch's.
            lane.pace.joined()
            part.wasCarried = true
            delivery.wasCarried(by: carrier, since: batch.startedAt)
            if let answers = batch.answers {
                self.tell(delivery, of: part, answers[position], secret: batch.secret)
            } else if let problem {
                part.isUntold = problem.saysNothingOfLines
                self.conclude(delivery, problem)
            } else {
                delivery.finish()
            }
        }
    }

    private func tell(_ delivery: Delivery, of part: BulkPart, _ answer: VendorAnswer?, secret: SecretMask?) {
        if let answer { return delivery.foldItem(answer, secret: secret) }
        part.isUntold = true
        let status = VendorAnswer(status: delivery.vendorStatus ?? 200, body: [])
        self.conclude(delivery, Translator.untoldItem(at: delivery.target.plan, status, part.line.operation))
    }

    /// A create is looked up first, where it may have been done; an update may just be sent again.
    private func conclude(_ delivery: Delivery, _ problem: Problem) {
        guard delivery.order.operation == .create else { return delivery.finish(.problem(problem)) }
        delivery.conclude(problem)
    }

    /// Whether a line that its batch's answer does not mention is sent again, alone: if nothing was changed, or a
    /// second change does no harm. Once only: a line that is sent alone has an answer of its own.
    ///
    /// - Parameter isUntold: the answer to its batch said nothing of it.
    func goesAlone(_ part: BulkPart, _ problem: Problem, isUntold: Bool) -> Bool {
        guard isUntold, !self.state.isAbandoned, !self.state.isStopping,
            problem.outcome == .rejected || part.isRepeatable
        else { return false }
        if problem.outcome != .rejected {
            part.mayHaveActed = true
        } else if let record = self.record, !part.mayHaveActed {
            // It was sent, and nothing was changed.
            record.release(part.line.number, at: part.lane.index)
            part.isBegun = false
            part.isBegunKept = false
        }
        part.goesAlone = true
        self.environment.recorder.lineGoesAlone(at: part.lane.target)
        part.lane.pace.ended(.neverAsked)
        part.lane.postpone(part)
        return true
    }
}
