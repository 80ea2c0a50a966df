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
    /// By the configuration in force: asked before lines are sent.
    var caller: Caller?
    let requestID: RequestID
    let lanes: [BulkLane]
    let targetNames: [String]
    /// The places of all its targets, for lines that name none.
    let allLanes: [Int]
    let limits: GatewayLimits
    /// What is known of its lines, where it has a key; given up when it is over.
    var record: StreamRecord?
    var awaitedLine: AwaitedLine?
    /// Nil where no spans are sent.
    let trace: StreamTrace?

    var reader: JSONLineReader
    var results: BulkResults
    var totals = StreamTotals()
    /// Lines taken whose results are not all there, and their bytes.
    var linesHeld = 0
    var lineBytesHeld = 0
    /// What has come and the caller got no credit for.
    var uncredited = 0
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
    var linesInTurn = 0

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
        /// What is known of its lines is being kept, and the last line sent afterwards.
        var isClosing = false
        /// The last line has been sent.
        var isEnded = false
    }

    init(
        _ question: consuming Question, requestID: RequestID, host: any BulkHost, environment: BulkEnvironment,
        limits: GatewayLimits, record: StreamRecord? = nil, trace: StreamTrace? = nil
    ) {
        self.record = record
        self.trace = trace
        self.caller = question.caller
        self.requestID = requestID
        self.host = host
        self.environment = environment
        self.limits = limits
        let stream = question.stream
        self.lanes = question.targets.enumerated().map {
            BulkLane(target: $1, index: $0, goesOnAfterFailure: stream?.goesOnAfterFailure ?? false)
        }
        self.targetNames = question.targets.map(\.name)
        self.allLanes = Array(question.targets.indices)
        self.question = question
        self.reader = JSONLineReader(
            stream?.input == .jsonSequence ? .sequence : .lines,
            bytesMax: limits.requestBodyBytesMax + BulkLimits.lineOverheadBytes)
        self.results = BulkResults(stream?.output ?? .jsonLines)
        self.input = BulkInput(limits: limits, now: environment.deliveries.clock.now())
        super.init()
        if let record { self.watch(record) }
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
        if self.state.isInputOver, self.record != nil { self.endVerification() }
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

    /// Lines that a vendor has been asked for, or is about to be.
    var linesUnderWay: Int { self.lanes.reduce(0) { $0 + $1.underWay.count } }

    /// Whether there is room for another line, and for its result.
    var hasRoom: Bool {
        guard self.linesHeld < BulkLimits.linesMax else { return false }
        let lineMax = self.limits.requestBodyBytesMax + BulkLimits.lineOverheadBytes
        guard self.linesHeld == 0 || self.lineBytesHeld + lineMax <= self.windowBytesMax else { return false }
        return self.unreadBytes <= BulkLimits.unreadBytesMax || self.isSentBeforeRead
    }

    /// Half of what its connection may hold at most, so that there is room for others on it.
    private var windowBytesMax: Int { min(BulkLimits.lineBytesMax, self.limits.connectionBytesMax / 2) }

    /// The caller takes no results, and may be one that sends everything first.
    private var isSentBeforeRead: Bool { self.now &- self.readAt >= BulkLimits.readingPauseNanoseconds }

    // MARK: Parts

    private func startParts(of lane: BulkLane) {
        guard !lane.ready.isEmpty else { return }
        if lane.takesBatches {
            // Not before everything that has come is ready.
            if self.linesInTurn < BulkLimits.linesPerTurn { self.startBatchesLater(of: lane) }
            return
        }
        guard self.mayGoOn() else { return }
        let deliveries = self.environment.deliveries
        let now = self.now
        while !lane.ready.isEmpty, self.linesInTurn < BulkLimits.linesPerTurn {
            guard lane.pace.maySend(now: now, room: deliveries.room(at: lane.target)),
                self.startNext(of: lane, now: now)
            else { return }
            self.linesInTurn += 1
        }
    }

    /// Sends the next part by itself; false where it may not go now.
    func startNext(of lane: BulkLane, now: UInt64) -> Bool {
        guard self.mayStart(lane, now: now), let part = lane.start() else { return false }
        lane.batchPace.wentAlone()
        part.send(self.order(for: part), environment: self.environment.deliveries)
        return true
    }

    func order(for part: BulkPart) -> DeliveryOrder {
        DeliveryOrder(
            operation: part.line.operation, productID: part.line.id, requestID: part.line.requestID,
            connection: ObjectIdentifier(self), handling: self.question.preferences.handling,
            isDryRun: self.question.isDryRun, ifMatch: nil, isForSeveral: false, isForOneWholeAnswer: false,
            wantsProduct: false, caller: self.caller, isOfStream: true)
    }

    /// A part that was sent has its result.
    func finished(_ part: BulkPart, _ delivery: Delivery) {
        let lane = part.lane
        guard lane.ended(part) else { return }
        let (wasCarried, isUntold) = (part.wasCarried, part.isUntold)
        part.wasCarried = false
        part.isUntold = false
        if case .problem(let problem) = delivery.result,
            self.postpones(part, problem) || self.goesAlone(part, problem, isUntold: isUntold)
        {
            self.pump()
            return
        }
        // What the target said of a batch was said of its request.
        lane.pace.ended(wasCarried ? .neverAsked : delivery.paceEnd)
        if let kept = delivery.kept, delivery.resultKind == .replayed {
            self.replayed(part, kept)
            self.pump()
            return
        }
        if self.record == nil {
            self.conclude(part, delivery)
        } else {
            self.keep(part, delivery) { self.conclude(part, delivery) }
            self.pump()
        }
    }

    /// The caller is told of a part that was sent, and what waited for it goes.
    private func conclude(_ part: BulkPart, _ delivery: Delivery) {
        self.host?.recordChange(delivery, of: part)
        self.environment.recorder.lineEnded(delivery, at: self.place(part.line.number, part.line.requestID))
        self.totals.add(delivery.countedOfLine)
        if !self.state.isAbandoned { self.tell(part.line, delivery) }
        self.ended(part, hasFailed: delivery.resultKind == .problem || delivery.resultKind == .none)
        self.pump()
    }

    private func postpones(_ part: BulkPart, _ problem: Problem) -> Bool {
        let now = self.now
        guard !self.state.isAbandoned, !self.state.isStopping,
            part.lane.pace.postpones(
                problem, isRepeatable: part.isRepeatable, troubledSince: part.troubledSince, now: now)
        else { return false }
        if problem.outcome == .unknown { part.mayHaveActed = true }
        if part.troubledSince == nil, BulkPace.isTrouble(problem) { part.troubledSince = now }
        self.environment.recorder.linePostponed(at: part.lane.target)
        part.lane.postpone(part)
        return true
    }

    /// A part that will not be sent.
    func notSent(_ part: BulkPart, _ problem: Problem) {
        part.change = nil
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
    func ended(_ part: BulkPart, hasFailed: Bool) {
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

    func place(_ number: Int, _ requestID: RequestID) -> ExchangeRecorder.LinePlace {
        ExchangeRecorder.LinePlace(
            number: number, stream: self.requestID, requestID: requestID, trace: self.trace)
    }

    func release(_ line: BulkLine) {
        line.partsLeft -= 1
        guard line.partsLeft == 0 else { return }
        self.record?.letGo(line.number)
        self.linesHeld -= 1
        self.lineBytesHeld -= line.bytesHeld
    }
}
