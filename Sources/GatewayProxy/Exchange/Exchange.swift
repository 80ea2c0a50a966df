import GatewayHTTP2
import GatewayJSON
import GatewayTranslation

/// One downstream request, from its fields to its answer, with what is sent upstream for it.
///
/// Knows the canonical API and nothing of HTTP/2: a connection feeds it and takes its answer. The phases, in their
/// order: route, receive, deliver (a `Delivery` for each target), answer, record. Its deadline is for the body to
/// arrive, later for the answer to be read. Kept alive by its connection and, after a caller has gone, by its
/// deliveries. Confined to its worker's event loop.
final class Exchange: Deadline {
    let streamID: Int32
    private(set) var requestID = RequestID.none
    /// Nil until somebody wants it, where the caller brought none.
    var trace: TraceContext?
    private(set) var hasReceivedEnd = false
    private(set) var isHeadRequest = false
    /// Bytes of its answer, kept here for the connection that sends it.
    var unreadBytes = 0
    /// The caller has gone and a vendor is still at work.
    private var isAbandoned = false

    let environment: ExchangeEnvironment
    /// Given up when the stream is over, because the connection holds its exchanges. (A weak reference would make
    /// every use of the connection slower.)
    private var sink: (any AnswerSink)?
    private var machine = StateMachine()
    private var body: [UInt8] = []
    /// What `content-length` says.
    private var announcedBytes = 0
    /// Memory that one received byte can make us set aside: a frame's worth for a whole body of some frames.
    private static let reservedPerByte = 16
    /// Bytes of the translated requests, which are held until every target has its result.
    private var requestBytes = 0
    var operation: ProductOperation = .update
    /// The product's id from the path, percent-decoded.
    var productID: [UInt8]?
    private var preferences = Preferences()
    /// What it is about and what has become of it; its targets and deliveries are given up when it is written.
    private var record: ExchangeRecord

    init(environment: ExchangeEnvironment, sink: any AnswerSink, streamID: Int32) {
        self.environment = environment
        self.sink = sink
        self.streamID = streamID
        self.record = ExchangeRecord(startedAt: environment.clock.now(), caller: sink.caller)
        environment.recorder.exchangeStarted()
        environment.underWay.started()
    }

    var isReceiving: Bool { self.machine.isReceiving }
    var isDryRun: Bool { self.record.isDryRun }
    var handling: Handling? { self.preferences.handling }

    // MARK: Route

    /// Takes the request's fields.
    ///
    /// - Parameter target: path and query as they came; looked at within the call only.
    func receive(head: RequestHead, path target: UnsafeBufferPointer<UInt8>, isEnd: Bool) {
        self.requestID = head.requestID ?? RequestID(from: &self.environment.random)
        self.trace = head.trace.context(keepsState: self.environment.targets.sendsTraceContext)
        self.hasReceivedEnd = isEnd
        self.isHeadRequest = head.method == .head
        let mark = target.position(of: UInt8(ascii: "?")) ?? target.count
        let path = UnsafeBufferPointer(rebasing: target[..<mark])
        let query = UnsafeBufferPointer(rebasing: target[min(mark + 1, target.count)...])

        guard target.count <= self.environment.limits.pathBytesMax else {
            self.refuse(
                Problem(
                    .invalidRequest,
                    detail: "The path is longer than \(self.environment.limits.pathBytesMax) bytes."))
            return
        }
        switch Route.find(head.method, path: path) {
        case .route(.update(let id)):
            self.beginProduct(.update, id: id, head: head, query: query)
        case .route(.create):
            self.beginProduct(.create, id: nil, head: head, query: query)
        case .route(let route):
            self.answer(self.environment.published.answer(to: route, requestID: self.requestID))
        case .options(let allow):
            self.answer(Answer(status: 204, contentType: .none, body: [], allow: allow))
        case .methodNotAllowed(let allow):
            self.refuse(
                Problem(
                    .methodNotAllowed,
                    detail: "This path takes \(allow), not \(head.methodName.abridged)."), allow: allow)
        case .notFound:
            self.refuse(
                Problem(
                    .notFound,
                    detail: "There is nothing at this path. Products are updated at "
                        + "/v1/products/{id} and created at /v1/products; /openapi.json tells the rest."))
        case .invalidPath(let reason):
            self.refuse(Problem(.invalidRequest, detail: reason))
        }
        if isEnd { self.receiveEnd() }
    }

    /// Answers a request that is not well-formed, or of which nothing was kept.
    func refuseUnread(_ problem: Problem, allow: StaticString? = nil) {
        if self.requestID.isNone { self.requestID = RequestID(from: &self.environment.random) }
        self.refuse(problem, allow: allow)
    }

    private func beginProduct(
        _ operation: ProductOperation, id: [UInt8]?, head: RequestHead, query: UnsafeBufferPointer<UInt8>
    ) {
        self.operation = operation
        self.productID = id
        self.preferences = head.preferences
        self.announcedBytes = head.contentLength ?? 0
        self.record.operation = operation
        if let problem = self.problem(with: head) {
            self.refuse(problem)
            return
        }
        switch RequestQuery.parse(query, targetsMax: self.environment.limits.targetsMax) {
        case .failure(let invalid):
            self.refuse(Problem(.invalidRequest, detail: invalid.detail))
            return
        case .success(let query):
            self.record.isDryRun = query.isDryRun
            switch self.environment.targets.find(query.targets) {
            case .failure(let problem):
                self.refuse(problem)
                return
            case .success(let targets):
                self.record.targets = targets
            }
        }
        self.environment.deadlines.schedule(self, in: self.environment.limits.bodyTimeoutNanoseconds)
        if head.expectsContinue, !self.hasReceivedEnd { self.sink?.sendContinue(for: self) }
    }

    /// What is wrong with a product request's fields, if anything.
    private func problem(with head: RequestHead) -> Problem? {
        switch head.bodyType {
        case .json: break
        case .absent:
            return Problem(
                .unsupportedMediaType,
                detail: "The request has no content-type; send application/json or "
                    + "application/merge-patch+json.")
        case .other(let type):
            return Problem(
                .unsupportedMediaType,
                detail: "The gateway takes application/json and application/merge-patch+json in UTF-8, "
                    + "not \"\(type.abridged)\".")
        }
        if let coding = head.contentEncoding {
            return Problem(
                .unsupportedMediaType,
                detail: "The gateway takes bodies without a content coding, not \"\(coding.abridged)\".")
        }
        guard head.acceptsJSON else {
            return Problem(
                .notAcceptable, detail: "The gateway answers in JSON, which accept rules out.")
        }
        if let length = head.contentLength, length > self.environment.limits.requestBodyBytesMax {
            return self.tooLarge
        }
        return nil
    }

    private var tooLarge: Problem {
        Problem(
            .payloadTooLarge,
            detail: "The body is larger than \(self.environment.limits.requestBodyBytesMax) bytes.")
    }

    // MARK: Receive

    /// Takes part of the body; false when nobody wants it.
    func receive(body bytes: UnsafeRawBufferPointer) -> Bool {
        switch self.machine.body(bytes.count, maximum: self.environment.limits.requestBodyBytesMax) {
        case .keep:
            self.record.bytesReceived += bytes.count
            if self.body.isEmpty {
                // Once, instead of growing with every frame; no more than the caller backs with bytes that it sends.
                let backed = Self.reservedPerByte * bytes.count
                let announced = min(self.announcedBytes, backed, self.environment.limits.requestBodyBytesMax)
                self.body = self.environment.bodyBuffers.take(ofAtMost: backed)
                self.body.reserveCapacity(max(announced, bytes.count))
            }
            self.body.append(contentsOf: bytes)
            return true
        case .refuseTooLarge:
            self.refuse(self.tooLarge)
            return false
        case .discard:
            return false
        }
    }

    /// The request is complete.
    func receiveEnd() {
        self.hasReceivedEnd = true
        guard self.machine.isReceiving, !self.record.targets.isEmpty else { return }
        guard self.machine.end(targets: self.record.targets.count) == .deliver else { return }
        self.environment.deadlines.cancel(self)
        self.deliver()
    }

    override func deadlineReached() {
        guard self.machine.isReceiving else {
            self.sink?.cutOff(self)
            return
        }
        self.refuse(
            Problem(
                .invalidRequest, detail: "The request's body did not arrive in time.",
                verdict: OutcomeRule.notSent(mayPass: true)))
    }

    /// The stream or its connection is gone. What has been sent to a vendor is left to its end.
    ///
    /// - Returns: whether the exchange is still under way, so that the sink is told when it ends.
    func callerLeft() -> Bool {
        self.environment.deadlines.cancel(self)
        switch self.machine.callerLeft() {
        case .record:
            self.releaseBody()
            self.record.end = .callerLeft
            self.write(answer: nil)
        case .abandonWaiting:
            for delivery in self.record.deliveries { delivery.abandonIfNotSent() }
            self.isAbandoned = !self.machine.isEnded
            if self.isAbandoned { self.environment.underWay.abandoned(self) }
        case .doNothing:
            break
        }
        if !self.isAbandoned { self.sink = nil }
        return self.isAbandoned
    }

    /// The gateway's time to stop is over: ends with what is known.
    func cut() {
        self.record.wasCut = true
        if self.machine.isReceiving {
            self.refuse(.stopping(target: nil, operation: self.operation, wasSent: false))
        } else {
            for delivery in self.record.deliveries { delivery.cut() }
        }
    }

    // MARK: Deliver

    private func deliver() {
        var deliveries = Deliveries()
        for target in self.record.targets {
            let delivery = Delivery(exchange: self, target: target)
            delivery.translate(self.body)
            self.requestBytes += delivery.requestBytes
            deliveries.append(delivery)
        }
        self.record.deliveries = deliveries
        self.sink?.heldBytesChanged(by: self.requestBytes - self.body.count, of: self)
        self.environment.bodyBuffers.giveBack(&self.body)
        // After all are translated, so that none can be finished while another still needs the body.
        for delivery in deliveries { delivery.send() }
    }

    private func releaseBody() {
        guard !self.body.isEmpty else { return }
        let count = self.body.count
        self.body = []
        self.sink?.heldBytesChanged(by: -count, of: self)
    }

    private func releaseRequests() {
        guard self.requestBytes > 0 else { return }
        let count = self.requestBytes
        self.requestBytes = 0
        self.sink?.heldBytesChanged(by: -count, of: self)
    }

    /// One of the deliveries has its result.
    func finished(_: Delivery) {
        switch self.machine.result() {
        case .answer:
            self.releaseRequests()
            self.send(self.answerOfDeliveries())
        case .record:
            self.releaseRequests()
            self.record.end = .callerLeft
            self.write(answer: self.answerOfDeliveries())
            if self.isAbandoned {
                self.sink?.abandonedExchangeEnded()
                self.environment.underWay.abandonedEnded(self)
            }
            self.sink = nil
        case .wait, .doNothing:
            break
        }
    }

    // MARK: Answer

    /// Whether one target is to be answered for, with all that it has to say.
    var isForOneWholeAnswer: Bool { self.record.targets.count == 1 && !self.preferences.isMinimal }

    private func answerOfDeliveries() -> Answer {
        guard let delivery = self.record.deliveries.only else {
            return self.answerOfSeveral()
        }
        if case .problem(let problem) = delivery.result {
            return Answer(problem, requestID: self.requestID.string)
        }
        guard delivery.resultKind != .none else {
            return Answer(Problem.unfinished(target: delivery.target.name), requestID: self.requestID.string)
        }
        return Answer(
            status: 200, contentType: .json, body: delivery.takeDocument(isMinimal: self.preferences.isMinimal),
            preferenceApplied: self.preferences.applied)
    }

    private func answerOfSeveral() -> Answer {
        let requestID = self.requestID.string
        var writer = JSONWriter(reservingCapacity: 1024)
        writer.beginObject()
        writer.name("results")
        writer.beginArray()
        for delivery in self.record.deliveries {
            let target = delivery.target.name
            switch delivery.result {
            case .product(let canonical):
                self.requestID.withBytes {
                    canonical.write(
                        to: &writer, target: target, requestID: $0, isMinimal: self.preferences.isMinimal)
                }
            case .dryRun(let document), .vendorDocument(let document):
                writer.raw(document)
            case .problem(let problem):
                problem.write(to: &writer, requestID: requestID)
            case nil:
                Problem.unfinished(target: target).write(to: &writer, requestID: requestID)
            }
        }
        writer.endArray()
        writer.member("requestId", requestID)
        writer.endObject()
        return Answer(
            status: 207, contentType: .json, body: writer.bytes,
            preferenceApplied: self.preferences.applied)
    }

    /// Answers without asking a vendor.
    func refuse(_ problem: Problem, allow: StaticString? = nil) {
        guard self.machine.refused() == .answer else { return }
        self.environment.deadlines.cancel(self)
        self.releaseBody()
        self.record.refusal = problem
        var answer = Answer(problem, requestID: self.requestID.string)
        answer.allow = allow
        self.send(answer)
    }

    private func answer(_ answer: Answer) {
        guard self.machine.refused() == .answer else { return }
        self.send(answer)
    }

    private func send(_ answer: Answer) {
        self.environment.deadlines.schedule(self, in: self.environment.limits.answerTimeoutNanoseconds)
        self.sink?.send(answer, for: self)
        self.write(answer: answer)
    }

    // MARK: Record

    private func write(answer: Answer?) {
        self.record.requestID = self.requestID
        self.record.trace = self.trace
        self.record.endedAt = self.environment.clock.now()
        self.record.status = answer?.status
        self.record.bytesSent = self.record.end == .callerLeft || self.isHeadRequest ? 0 : answer?.body.count ?? 0
        self.environment.recorder.exchangeEnded(&self.record)
        self.environment.underWay.ended()
        // The deliveries hold their exchange; with the record written neither needs the other.
        self.record.deliveries = Deliveries()
        self.record.targets = []
    }
}
