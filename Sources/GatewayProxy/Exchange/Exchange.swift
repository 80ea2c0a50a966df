import GatewayTranslation

/// One downstream request, from its fields to its answer, with what is sent upstream for it.
///
/// Knows the canonical API and nothing of HTTP/2: a connection feeds it and takes its answer. Leads through the phases,
/// each of which is a place of its own: intake, admission, receiving, delivery (one for each target), answering,
/// recording. Its deadline is for the admission and the body, later for the answer to be read. Kept alive by its
/// connection and, after a caller has gone, by its deliveries. Confined to its event loop.
final class Exchange: CallerRequest {
    let environment: ExchangeEnvironment
    /// Given up when the stream is over, because the connection holds its exchanges. (A weak reference would make
    /// every use of the connection slower.)
    var sink: (any AnswerSink)?
    var machine = StateMachine()
    var question = Question()
    var body = ReceivedBody()
    /// The state of its idempotency key, from the end of the body on; nil where the request has none.
    var keyed: KeyedRequest?
    /// The caller waits for 100 Continue before it sends the body (RFC 9110 section 10.1.1).
    private(set) var expectsContinue = false
    /// Bytes that the connection counts as held for this exchange: of the body, later of the translated requests.
    private var heldBytes = 0
    private var memory: MemoryShare
    /// The caller has gone, and a vendor has not answered yet.
    var isAbandoned = false
    /// The caller's trace; where it sent none, nil until a trace is needed.
    var trace: TraceContext?
    var deliveries = Deliveries()
    /// The stream of updates, where the request is one.
    var stream: BulkStream?
    /// The record of the stream's lines, where it has a key, until the stream begins.
    var streamRecord: StreamRecord?
    /// The line for the audit; nil where there is no audit, or no room for the line, so that nothing is sent.
    private var change: AuditedChange?
    /// Collects what the record of the exchange will say.
    var record: ExchangeRecord
    /// What a trusted proxy says of the caller's certificate, and the one that counts.
    var toldCertificate = ToldCertificate.notTold
    var certificate: ShownCertificate?
    /// Where its caller was found.
    var directory: CallerDirectory?

    init(environment: ExchangeEnvironment, sink: any AnswerSink, streamID: Int32) {
        self.environment = environment
        self.memory = MemoryShare(of: environment.memory)
        self.sink = sink
        self.record = ExchangeRecord(startedAt: environment.clock.now(), caller: sink.caller)
        super.init(streamID: streamID)
        environment.recorder.exchangeStarted()
        environment.underWay.started()
    }

    override var startedAt: UInt64 { self.record.startedAt }

    override var requestsToVendors: Int {
        if let stream = self.stream { return stream.linesUnderWay }
        let deliveries = self.machine.isAnswered ? self.record.deliveries : self.deliveries
        return deliveries.count { $0.attemptsMade > 0 }
    }

    override func waits(for endpoint: ObjectIdentifier) -> Bool {
        self.machine.isDelivering && self.question.targets.contains { ObjectIdentifier($0.endpoint) == endpoint }
    }

    override var sheddableBytes: Int {
        if self.machine.isReceiving { return self.body.capacity }
        return self.machine.isAnswered ? self.unreadBytes : 0
    }

    override func shed() {
        if self.machine.isReceiving {
            self.refuse(.noMemory)
        } else if self.machine.isAnswered {
            self.sink?.cutOff(self)
        }
    }

    override var isReceiving: Bool { self.machine.isReceiving }
    override var takesMore: Bool { !self.machine.isAdmitting && self.stream?.takesMore != false }

    // MARK: Intake

    override func receive(head: RequestHead, path target: UnsafeBufferPointer<UInt8>, isEnd: Bool) {
        self.requestID = head.requestID ?? RequestID(from: &self.environment.random)
        self.trace = head.trace.context(keepsState: self.environment.targets.sendsTraceContext)
        self.hasReceivedEnd = isEnd
        self.isHeadRequest = head.method == .head
        self.record.method = head.method
        let finding = Intake.read(
            head, target: target, limits: self.environment.limits, targets: self.environment.targets,
            into: &self.question)
        self.expectsContinue = head.expectsContinue && !isEnd
        if let trusted = self.environment.trusted { self.believe(trusted, head.forwarding) }
        if let identification = self.environment.identification, !finding.isForEverybody {
            self.identify(head, finding, identification)
        } else {
            self.take(finding)
        }
    }

    func take(_ finding: Intake.Finding) {
        switch finding {
        case .product, .stream:
            self.environment.deadlines.schedule(self, in: self.environment.limits.bodyTimeoutNanoseconds)
            if let problem = self.entryProblem() {
                self.refuse(problem)
            } else {
                self.admit()
            }
        case .streamRecord(let key): self.inquire(key)
        case .document(let route):
            self.answer(
                self.environment.published.answer(
                    to: route, for: self.question.caller, requestID: self.requestID))
        case .options(let allow, let accepted):
            self.answer(Answer(status: 204, contentType: .none, body: [], allow: allow, accepted: accepted))
        case .missed(let miss):
            self.refuse(self.environment.targets.problem(miss, for: self.question.caller))
        case .refused(let problem, let allow, let accepted):
            self.refuse(problem, allow: allow, accepted: accepted)
        }
    }

    override func refuse(_ error: CallerRequestError) {
        if self.requestID.isNone { self.requestID = RequestID(from: &self.environment.random) }
        var allow: StaticString?
        if case .unknownMethod = error { allow = Route.allMethods }
        self.refuse(Problem(error, limits: self.environment.limits), allow: allow)
    }

    // MARK: Receiving

    override func receive(body bytes: UnsafeRawBufferPointer) -> BodyTaking {
        if self.question.operation == .read { return .unwanted }
        let bytesMax = self.environment.limits.requestBodyBytesMax
        let taking: BodyTaking
        switch self.machine.body(bytes.count, maximum: bytesMax) {
        case .keep: taking = .kept
        case .keepWithoutCredit: taking = .keptWithoutCredit
        case .refuseTooLarge:
            self.refuse(.bodyTooLarge(bytesMax: bytesMax))
            return .unwanted
        case .stream:
            return self.receiveStreamed(bytes)
        case .discard:
            return .unwanted
        }
        guard self.environment.memory.mayGrow(to: self.body.count + bytes.count) else {
            self.environment.memory.budget.given(up: .body)
            self.refuse(.noMemory)
            return .unwanted
        }
        self.record.bytesReceived += bytes.count
        self.body.append(
            bytes, announced: self.question.announcedBytes, bytesMax: bytesMax,
            buffers: self.environment.bodyBuffers)
        self.hold(self.body.count, capacity: self.body.capacity)
        return taking
    }

    override func receiveEnd() {
        self.hasReceivedEnd = true
        switch self.machine.end(targets: self.question.targets.count) {
        case .deliver: self.wholeRequestCame()
        case .endStream: self.stream?.receiveEnd()
        case .doNothing: break
        }
    }

    /// Goes on to the targets; where there is a key, when it is known what became of earlier requests with it.
    func wholeRequestCame() {
        if self.question.conditions.idempotencyKey == nil || !self.claimKey() { self.deliver() }
    }

    /// Tells the connection how many bytes the exchange holds now, and how much memory they take where that is more.
    func hold(_ bytes: Int, capacity: Int) {
        self.memory.set(max(bytes, capacity))
        let difference = bytes - self.heldBytes
        guard difference != 0 else { return }
        self.heldBytes = bytes
        self.sink?.heldBytesChanged(by: difference, of: self)
    }

    override func deadlineReached() {
        if self.machine.isAdmitting {
            self.refuse(
                Problem(
                    .overloaded, detail: "It could not be decided in time whether the request may come in.",
                    retryAfterSeconds: 1))
        } else if self.machine.isReceiving {
            self.refuse(
                Problem(
                    .invalidRequest, detail: "The request's body did not arrive in time.",
                    verdict: OutcomeRule.notSent(mayPass: true)))
        } else if self.sink?.isReading(self) == true {
            self.environment.deadlines.schedule(self, in: self.environment.limits.answerTimeoutNanoseconds)
        } else {
            self.sink?.cutOff(self)
        }
    }

    // MARK: Delivery

    func deliver() {
        self.environment.deadlines.cancel(self)
        let isRecordable = self.environment.audit == nil || self.beginChange()
        var requestBytes = 0
        for position in self.question.targets.indices {
            let target = self.question.targets[position]
            let delivery = Delivery(
                self.order, to: target, environment: self.environment.deliveries, delegate: self)
            if self.keyed == nil || self.mustSend(delivery) {
                if isRecordable {
                    delivery.translate(self.body.bytes)
                } else {
                    delivery.refuse(.auditUnavailable(target: target.name))
                }
            }
            requestBytes += delivery.requestBytes
            self.deliveries.append(delivery)
        }
        self.hold(requestBytes)
        self.body.release(to: self.environment.bodyBuffers)
        if let keyed = self.keyed { keyed.delivers(to: self.deliveries.count { $0.resultKind != .replayed }) }
        // After all are translated, so that none can be finished while another still needs the body.
        self.deliveries.forEach { $0.send() }
    }

    /// Made for each target: a copy would cost as much.
    private var order: DeliveryOrder {
        DeliveryOrder(
            operation: self.question.operation ?? .update, productID: self.question.productID,
            requestID: self.requestID,
            connection: self.sink.map { ObjectIdentifier($0) } ?? ObjectIdentifier(self),
            waitNanoseconds: self.waitLeft,
            handling: self.question.preferences.handling,
            isDryRun: self.question.isDryRun,
            ifMatch: self.question.conditions.ifMatch.map { $0.matches },
            isForSeveral: self.question.targets.count > 1,
            isForOneWholeAnswer: self.question.isForOneWholeAnswer, caller: self.question.caller, permit: self.keyed)
    }

    // MARK: Answering

    /// Answers without asking a vendor.
    func refuse(
        _ problem: Problem, allow: StaticString? = nil, accepted: Answer.Accepted = [], challenge: [UInt8]? = nil
    ) {
        let uncredited = self.machine.isAdmitting ? self.body.count : 0
        switch self.machine.refused() {
        case .answer: break
        case .endStream:
            self.stream?.end(problem)
            return
        case .doNothing: return
        }
        if uncredited > 0 { self.sink?.giveCredit(of: uncredited, to: self) }
        self.body = ReceivedBody()
        self.hold(0)
        self.record.refusal = problem
        var answer = Answer(problem, requestID: self.requestID.string)
        answer.allow = allow
        answer.accepted = accepted
        answer.challenge = challenge
        self.send(answer)
    }

    func answer(_ answer: Answer) {
        guard self.machine.refused() == .answer else { return }
        self.send(answer)
    }

    func answerOfDeliveries() -> Answer {
        Answering.answer(of: self.deliveries, to: self.question, requestID: self.requestID)
    }

    func send(_ answer: Answer) {
        self.environment.deadlines.schedule(self, in: self.environment.limits.answerTimeoutNanoseconds)
        if self.environment.audit != nil { self.recordChange() }
        self.note(status: answer.status)
        self.record.bytesSent = self.isHeadRequest ? 0 : answer.body.count
        if let rateLimit = self.record.question.rateLimit {
            var answer = answer
            answer.rateLimit = rateLimit
            self.sink?.send(answer, for: self)
        } else {
            self.sink?.send(answer, for: self)
        }
        self.environment.underWay.ended()
    }

    // MARK: Recording

    /// Whether changes can be recorded, or need not be.
    var takesChanges: Bool { self.environment.audit?.audit.takesChanges != false }

    /// Whether it is to change something at a vendor.
    var isChange: Bool { self.question.operation != .read && !self.question.isDryRun }

    /// Before anything is sent; whether it may be.
    private func beginChange() -> Bool {
        guard let trail = self.environment.audit, self.isChange else { return true }
        self.change = trail.begin(self.body.bytes, targets: self.question.targets.count)
        return self.change != nil
    }

    /// Before the answer, so that whoever is told of a change finds it in the audit. What was refused for want of room
    /// there is no change.
    func recordChange() {
        guard let trail = self.environment.audit, var change = self.change, !self.deliveries.isEmpty else { return }
        self.change = nil
        let ids = AuditIDs(requestID: self.requestID, trace: self.trace)
        for delivery in self.deliveries {
            trail.record(delivery, of: self.question.identity, &change, address: self.record.caller, ids: ids)
        }
    }

    /// The exchange is answered or abandoned: from now on only how much of the answer the caller has read can change.
    func note(status: Int?) {
        self.record.requestID = self.requestID
        self.record.trace = self.trace
        self.record.endedAt = self.environment.clock.now()
        self.record.status = status
        self.record.key = self.keyed?.recorded
        swap(&self.record.question, &self.question)
        swap(&self.record.deliveries, &self.deliveries)
    }

    /// The same for a stream, whose answer was sent with its lines.
    func noteStream(_ totals: StreamTotals) {
        self.record.requestID = self.requestID
        self.record.trace = self.trace
        self.record.endedAt = self.environment.clock.now()
        self.record.stream = totals
        swap(&self.record.question, &self.question)
    }

    func writeRecord() {
        self.environment.recorder.exchangeEnded(&self.record)
        // With the record written nobody needs the deliveries any more.
        self.record.deliveries = Deliveries()
    }

    // MARK: The end

    override func callerLeft() -> Bool {
        self.environment.deadlines.cancel(self)
        switch self.machine.callerLeft() {
        case .record:
            self.keyed?.giveUp()
            self.body = ReceivedBody()
            self.hold(0)
            self.record.end = .callerLeft
            self.note(status: nil)
            self.writeRecord()
            self.environment.underWay.ended()
        case .recordAnswer:
            self.record.unreadBytes = min(self.unsentBytes, self.record.bytesSent)
            self.record.bytesSent -= self.record.unreadBytes
            self.writeRecord()
        case .abandonWaiting:
            // Requests that have been sent to a vendor are not cut off.
            for delivery in self.deliveries {
                delivery.abandonIfNotSent()
                // What is kept for a repetition is still needed.
                if self.keyed == nil { delivery.dropDocument() }
            }
            self.isAbandoned = !self.machine.isEnded
            if self.isAbandoned { self.environment.underWay.abandoned(self) }
        case .abandonStream:
            self.isAbandoned = self.stream?.callerLeft() == true
            if self.isAbandoned { self.environment.underWay.abandoned(self) }
        case .doNothing:
            break
        }
        if !self.isAbandoned { self.sink = nil }
        return self.isAbandoned
    }

    override func drain() { self.stream?.drain() }

    override func answerTaken(unsentBytes: Int) { self.stream?.resultsTaken(unreadBytes: unsentBytes) }

    override func cut() {
        // What is answered is only still being read.
        guard !self.machine.isAnswered else { return }
        self.record.wasCut = true
        if self.machine.isReceiving || self.machine.isClaiming {
            self.keyed?.giveUp()
            self.refuse(
                .stopping(target: nil, operation: self.question.operation ?? .update, wasSent: false))
        } else if let stream = self.stream {
            stream.cut()
        } else {
            for delivery in self.deliveries { delivery.cut() }
        }
    }
}
