import GatewayJSON
import GatewayTranslation
import NIOCore

/// A stream of updates: takes line after line as the caller sends them, has each delivered as a single update is, and
/// sends each result as it comes.
///
/// What it holds is bounded by `BulkLimits` however long it is: a line is taken when there is room in the window, and
/// the caller gets credit for it then. Lines of one product go in their order (`BulkOrder`), the others side by side at
/// the pace of their target (`BulkPace`). Its deadline is a clock that ticks while it is under way. Kept alive by its
/// exchange and by its parts that are under way. Confined to its event loop.
final class BulkStream: Deadline {
    let environment: BulkEnvironment
    /// Given up when the stream is over, because its exchange holds it.
    var host: (any BulkHost)?
    let question: Question
    let requestID: RequestID
    let lanes: [BulkLane]
    private let targetNames: [String]
    let limits: GatewayLimits

    var reader: JSONLineReader
    var results: BulkResults
    var totals = StreamTotals()
    /// Lines taken whose results are not all there, and their bytes.
    private var linesHeld = 0
    private var lineBytesHeld = 0
    /// What has come and the caller got no credit for.
    private var uncredited = 0
    var state = State()
    /// Results that are not out, and since when nothing of them has gone.
    var unreadBytes = 0
    var readAt: UInt64 = 0
    var input: BulkInput
    /// When progress was told last, and what.
    var progressAt: UInt64 = 0
    var toldTotals = StreamTotals()
    private var turnIsDue = false
    private var isPumping = false
    private var needsPump = false
    private var linesInTurn = 0

    /// How far it is.
    struct State {
        /// Nothing more comes from the caller, or is taken of what comes.
        var isInputOver = false
        /// Why it ends before its end.
        var fatal: Problem?
        /// Nothing more is sent to a target.
        var isStopping = false
        /// The caller has gone.
        var isAbandoned = false
        /// The last line has been sent.
        var isEnded = false
    }

    init(
        _ question: Question, requestID: RequestID, host: any BulkHost, environment: BulkEnvironment,
        limits: GatewayLimits
    ) {
        self.question = question
        self.requestID = requestID
        self.host = host
        self.environment = environment
        self.limits = limits
        let stream = question.stream
        self.lanes = question.targets.enumerated().map {
            BulkLane(target: $1, index: $0, goesOnAfterFailure: stream?.goesOnAfterFailure ?? false)
        }
        self.targetNames = question.targets.map(\.name)
        self.reader = JSONLineReader(
            stream?.input == .jsonSequence ? .sequence : .lines,
            bytesMax: limits.requestBodyBytesMax + BulkLimits.lineOverheadBytes)
        self.results = BulkResults(stream?.output ?? .jsonLines)
        self.input = BulkInput(limits: limits, now: environment.deliveries.clock.now())
        super.init()
    }

    override func deadlineReached() { self.tick() }

    var now: UInt64 { self.environment.deliveries.clock.now() }

    /// Answers that lines are taken.
    func start() {
        self.environment.began(self)
        self.readAt = self.now
        self.host?.begin(
            Answer(
                status: 200, contentType: self.question.stream?.output.contentType ?? .jsonLines, body: [],
                preferenceApplied: self.question.preferences.applied))
        self.environment.deliveries.deadlines.schedule(self, in: BulkLimits.tickNanoseconds)
    }

    // MARK: Told by the exchange

    /// Whether more can be taken now.
    var takesMore: Bool { self.uncredited == 0 }

    /// More of the stream has come; false where nobody wants it.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard !self.state.isInputOver, !self.state.isAbandoned else { return false }
        self.reader.append(bytes)
        self.uncredited += bytes.count
        self.input.received(now: self.now)
        self.pump()
        return true
    }

    /// All of the stream has come.
    func receiveEnd() {
        guard !self.state.isInputOver else { return }
        self.reader.end()
        self.input.ended()
        self.pump()
    }

    /// Results have gone out.
    func resultsTaken(unreadBytes: Int) {
        self.unreadBytes = unreadBytes
        self.readAt = self.now
        self.pump()
    }

    func traceForAttempt() -> SentTrace {
        if let host = self.host { return host.traceForAttempt() }
        let deliveries = self.environment.deliveries
        return SentTrace(TraceContext(from: &deliveries.random), from: &deliveries.random)
    }

    // MARK: Lines

    /// Does everything that can be done now.
    func pump() {
        guard !self.isPumping else {
            self.needsPump = true
            return
        }
        self.isPumping = true
        repeat {
            self.needsPump = false
            self.takeLines()
            for lane in self.lanes { self.startParts(of: lane) }
        } while self.needsPump && self.linesInTurn < BulkLimits.linesPerTurn
        if self.linesInTurn >= BulkLimits.linesPerTurn { self.continueLater() }
        self.isPumping = false
        self.giveCredit()
        self.sendResults()
        self.endIfDone()
    }

    /// Others get their turn on the event loop first.
    private func continueLater() {
        guard !self.turnIsDue else { return }
        self.turnIsDue = true
        let bound = NIOLoopBound(self, eventLoop: self.environment.deliveries.eventLoop)
        self.environment.deliveries.eventLoop.execute {
            bound.value.turnIsDue = false
            bound.value.linesInTurn = 0
            bound.value.pump()
        }
    }

    /// Whether there is room for another line, and for its result.
    private var hasRoom: Bool {
        guard self.linesHeld < BulkLimits.linesMax else { return false }
        let lineMax = self.limits.requestBodyBytesMax + BulkLimits.lineOverheadBytes
        guard self.linesHeld == 0 || self.lineBytesHeld + lineMax <= self.windowBytesMax else { return false }
        return self.unreadBytes <= BulkLimits.unreadBytesMax || self.isSentBeforeRead
    }

    /// Half of what its connection may hold at most, so that there is room for others on it.
    private var windowBytesMax: Int { min(BulkLimits.lineBytesMax, self.limits.connectionBytesMax / 2) }

    /// The caller takes no results, and may be one that sends everything first.
    private var isSentBeforeRead: Bool { self.now &- self.readAt >= BulkLimits.readingPauseNanoseconds }

    private func takeLines() {
        while !self.state.isInputOver, self.hasRoom, self.linesInTurn < BulkLimits.linesPerTurn {
            guard let item = self.reader.next() else {
                if self.input.hasEnded { self.state.isInputOver = true }
                break
            }
            self.linesInTurn += 1
            self.totals.lines += 1
            switch item {
            case .text(let number, let bytes): self.take(number, bytes)
            case .tooLong(let number):
                self.refuse(number, nil, .bodyTooLarge(bytesMax: self.limits.requestBodyBytesMax))
            case .unframed(let number):
                self.refuse(
                    number, nil,
                    Problem(
                        .malformedJSON, detail: "Every text of a JSON text sequence begins with a record separator."))
            }
        }
        if self.reader.bytesPassedOver > BulkLimits.passedOverBytesMax {
            self.end(.bodyTooLarge(bytesMax: self.limits.requestBodyBytesMax))
        }
    }

    private func take(_ number: Int, _ bytes: Range<Int>) {
        let read = self.reader.withBytes(bytes) { text -> Result<BulkRequest, BulkRequest.Refusal> in
            do throws(BulkRequest.Refusal) {
                return .success(
                    try BulkRequest.read(
                        text, tape: self.environment.tape,
                        limits: JSONLimits(
                            bytesMax: self.limits.requestBodyBytesMax + BulkLimits.lineOverheadBytes,
                            depthMax: self.limits.jsonDepthMax + 1),
                        targets: self.targetNames))
            } catch {
                return .failure(error)
            }
        }
        switch read {
        case .failure(let refusal): self.refuse(number, refusal.id, refusal.problem)
        case .success(let request) where request.product.count > self.limits.requestBodyBytesMax:
            self.refuse(number, request.id, .bodyTooLarge(bytesMax: self.limits.requestBodyBytesMax))
        case .success(let request): self.begin(number, request, bytes.count)
        }
    }

    private func begin(_ number: Int, _ request: BulkRequest, _ bytesHeld: Int) {
        let line = BulkLine(
            number: number, request: request, bytesHeld: bytesHeld,
            requestID: RequestID(from: &self.environment.deliveries.random))
        let lanes = request.targets.isEmpty ? Array(self.lanes.indices) : request.targets
        line.partsLeft = lanes.count
        self.linesHeld += 1
        self.lineBytesHeld += bytesHeld
        for index in lanes {
            let lane = self.lanes[index]
            let part = BulkPart(line: line, lane: lane, stream: self)
            switch line.id.map({ lane.order.arrived(part, id: $0) }) ?? .go {
            case .go: lane.append(part)
            case .wait: break
            case .refuse: self.notSent(part, .predecessorFailed(target: lane.target.name))
            }
        }
    }

    /// A line that none of the targets is asked about.
    private func refuse(_ number: Int, _ id: [UInt8]?, _ problem: Problem) {
        let requestID = RequestID(from: &self.environment.deliveries.random)
        self.totals.add(.notSent)
        self.environment.recorder.lineRefused(problem, at: self.place(number, requestID))
        if !self.state.isAbandoned {
            self.results.append(number: number, id: id, problem, requestID: requestID.string)
        }
    }

    // MARK: Parts

    private func startParts(of lane: BulkLane) {
        guard !lane.ready.isEmpty else { return }
        let deliveries = self.environment.deliveries
        let now = self.now
        while !lane.ready.isEmpty, self.linesInTurn < BulkLimits.linesPerTurn {
            guard lane.pace.maySend(now: now, room: deliveries.room(at: lane.target)), self.mayStart(lane, now: now),
                let part = lane.start()
            else { return }
            self.linesInTurn += 1
            part.send(
                DeliveryOrder(
                    operation: part.line.operation, productID: part.line.id, requestID: part.line.requestID,
                    connection: ObjectIdentifier(self),
                    handling: self.question.preferences.handling, isDryRun: self.question.isDryRun, ifMatch: nil,
                    isForSeveral: false, isForOneWholeAnswer: false, wantsProduct: false, caller: self.question.caller),
                environment: deliveries)
        }
    }

    /// Whether the audit and the caller's own limits let the lane's next part go; if not, the lane waits.
    private func mayStart(_ lane: BulkLane, now: UInt64) -> Bool {
        if self.host?.takesChanges == false, !self.question.isDryRun {
            lane.pace.pause(for: BulkLimits.tickNanoseconds, now: now, reason: .overloaded)
            return false
        }
        guard let limits = self.question.caller?.limits, let part = lane.ready.first, !part.isCounted else {
            return true
        }
        let reading = limits.take(1, now: now)
        part.isCounted = reading.isAdmitted
        if !part.isCounted { lane.pace.pause(for: max(1, reading.waitNanoseconds), now: now, reason: .rateLimited) }
        return part.isCounted
    }

    /// A part that was sent has its result.
    func finished(_ part: BulkPart, _ delivery: Delivery) {
        let lane = part.lane
        guard lane.ended(part) else { return }
        if case .problem(let problem) = delivery.result, self.postpones(part, problem) {
            self.pump()
            return
        }
        lane.pace.ended(delivery.paceEnd)
        self.host?.recordChange(delivery, of: part.line)
        self.environment.recorder.lineEnded(delivery, at: self.place(part.line.number, part.line.requestID))
        self.totals.add(delivery.countedOfLine)
        if !self.state.isAbandoned { self.tell(part.line, delivery) }
        self.ended(part, hasFailed: delivery.resultKind == .problem || delivery.resultKind == .none)
        self.pump()
    }

    private func postpones(_ part: BulkPart, _ problem: Problem) -> Bool {
        guard !self.state.isAbandoned, !self.state.isStopping, part.lane.pace.postpones(problem, now: self.now) else {
            return false
        }
        self.environment.recorder.linePostponed(at: part.lane.target)
        part.lane.postpone(part)
        return true
    }

    private func tell(_ line: BulkLine, _ delivery: Delivery) {
        let target = delivery.target.name
        switch delivery.result {
        case .product(let product) where !self.question.preferences.isMinimal:
            self.results.append(
                number: line.number, id: delivery.productID ?? line.id, target: target,
                status: line.operation == .create ? 201 : 200, warnings: product.warnings)
        case .dryRun where !self.question.preferences.isMinimal:
            self.results.append(number: line.number, id: line.id, dryRunFor: target)
        case .product, .dryRun:
            break
        case .problem(let problem):
            self.results.append(number: line.number, id: line.id, problem, requestID: line.requestID.string)
        case .vendorDocument, nil:
            self.results.append(
                number: line.number, id: line.id, .unfinished(target: target), requestID: line.requestID.string)
        }
    }

    /// A part that will not be sent.
    func notSent(_ part: BulkPart, _ problem: Problem) {
        self.totals.add(.notSent)
        self.environment.recorder.lineNotSent(
            problem, part.line.operation, to: part.lane.target, at: self.place(part.line.number, part.line.requestID))
        if !self.state.isAbandoned {
            self.results.append(
                number: part.line.number, id: part.line.id, problem, requestID: part.line.requestID.string)
        }
        self.release(part.line)
    }

    /// A part has its result: what waited for it goes, or does not.
    private func ended(_ part: BulkPart, hasFailed: Bool) {
        self.release(part.line)
        guard let id = part.line.id else { return }
        let lane = part.lane
        switch lane.order.ended(id: id, hasFailed: hasFailed) {
        case .nothing: break
        case .next(let next): lane.append(next)
        case .refuse(let parts):
            for part in parts { self.notSent(part, .predecessorFailed(target: lane.target.name)) }
        }
        if lane.order.isFull { self.end(.tooManyFailed(idsMax: BulkLimits.failedMax)) }
    }

    private func place(_ number: Int, _ requestID: RequestID) -> ExchangeRecorder.LinePlace {
        ExchangeRecorder.LinePlace(number: number, stream: self.requestID, requestID: requestID)
    }

    private func release(_ line: BulkLine) {
        line.partsLeft -= 1
        guard line.partsLeft == 0 else { return }
        self.linesHeld -= 1
        self.lineBytesHeld -= line.bytesHeld
    }

    // MARK: The caller

    private func giveCredit() {
        self.host?.hold(self.reader.bytesHeld + self.lineBytesHeld)
        guard self.uncredited > 0 else { return }
        // For what has been taken; and, where there is room and no whole line, for the rest of the one that is coming.
        let isDry = self.state.isInputOver || (self.hasRoom && self.linesInTurn < BulkLimits.linesPerTurn)
        let credit = self.uncredited - (isDry ? 0 : self.reader.bytesHeld)
        guard credit > 0 else { return }
        self.uncredited -= credit
        self.host?.giveCredit(of: credit)
    }

    func sendResults() {
        guard !self.results.isEmpty, let host = self.host, !self.state.isEnded else { return }
        let bytes = self.results.take()
        if self.unreadBytes == 0 { self.readAt = self.now }
        self.unreadBytes += bytes.count
        host.extend(by: bytes, isEnd: false)
        if self.unreadBytes > BulkLimits.heldBytesMax, !self.state.isInputOver { self.end(.resultsNotRead) }
    }

    /// Lines are under way, or wait to be.
    var hasLines: Bool { self.linesHeld > 0 }

    /// The line that the caller is sending, and may go on with.
    var lineComing: Int? { self.reader.isWithinText && self.hasRoom ? self.reader.nextNumber : nil }

    /// The caller may send, and nothing keeps the stream busy meanwhile.
    var awaitsCaller: Bool { !self.hasLines && self.hasRoom }
}
