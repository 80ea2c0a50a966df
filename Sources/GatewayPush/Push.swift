import GatewayJSON
import NIOCore
import NIOPosix

/// Pushes the lines of a source through one or several streams of a gateway, and keeps account of each.
///
/// Reads while it sends. A stream that breaks is begun again with its key: the gateway says which lines are done, the
/// others are sent once more, and the gateway sends no create twice. Confined to its event loop; the source is read on
/// a thread of its own.
package final class Push {
    package struct Options: Sendable {
        package var target: PushTarget
        /// Targets of a line that names none.
        package var targetsPerLine: Int
        package var streams: Int
        package var isDryRun: Bool
        /// Of the streams, by which the gateway knows what is done; nil where nothing is to be done.
        package var key: String?

        package init(target: PushTarget, targetsPerLine: Int, streams: Int, isDryRun: Bool, key: String?) {
            self.key = key
            self.target = target
            self.targetsPerLine = targetsPerLine
            self.streams = streams
            self.isDryRun = isDryRun
        }
    }

    private let options: Options
    private let source: PushSource
    private let eventLoop: any EventLoop
    private let reading: NIOThreadPool
    private let tape = JSONTape()
    let lanes: [PushLane]
    let failed: FailedLines?
    /// Called with the gateway's result for each line that was not done.
    private let onFailure: ([UInt8]) -> Void
    /// Called before the first line is sent.
    var onBegin: () -> Void = {}
    /// An earlier push, which this one resumes, has sent lines; this one is about to.
    private let wasBegun: Bool
    private(set) var hasBegun: Bool
    /// A stream that is gone may have taken lines.
    private var mayHaveSent = false
    private let completion: EventLoopPromise<Void>

    private(set) var settled: LineRanges
    private(set) var tally: PushTally
    private(set) var bytesRead = 0
    /// Of the source, settled ones included.
    private(set) var linesRead = 0
    private var isReading = false
    private var hasReadAll = false
    private(set) var isStopping = false
    /// Why it goes on no further.
    private(set) var obstacle: String?
    /// The obstacle is in the source: a line that cannot be read. All before it are pushed.
    private(set) var isUnreadable = false

    /// Lines read ahead: enough that no stream waits for the disk.
    private static let queueBytesMax = 512 << 10
    private static let readBytes = 64 << 10
    /// Streams in a row that came to nothing, a second to ten apart: as long as a gateway takes to be replaced.
    private static let failuresMax = 12

    init(
        _ options: Options, source: PushSource, settled: LineRanges, wasBegun: Bool, tally: PushTally,
        failed: FailedLines?,
        eventLoop: any EventLoop, reading: NIOThreadPool, completion: EventLoopPromise<Void>,
        onFailure: @escaping ([UInt8]) -> Void
    ) {
        self.wasBegun = wasBegun
        self.hasBegun = wasBegun
        self.options = options
        self.source = source
        self.settled = settled
        self.tally = tally
        self.failed = failed
        self.eventLoop = eventLoop
        self.reading = reading
        self.completion = completion
        self.onFailure = onFailure
        self.lanes = (0..<max(1, options.streams)).map { PushLane(index: $0) }
    }

    func start() { self.readMore() }

    /// Takes no further line, waits for the results of those that were sent, and ends.
    func stop() {
        guard !self.isStopping else { return }
        self.isStopping = true
        for lane in self.lanes {
            if lane.hasQueue { self.hasDropped = true }
            lane.dropQueue()
            self.feed(lane)
        }
        self.endIfDone()
    }

    var bytesTotal: Int? { self.source.bytesTotal }
    var bytesWaiting: Int { self.lanes.reduce(0) { $0 + $1.queueBytes } }
    /// Sent, and without all of their results.
    var linesUnderWay: Int { self.lanes.reduce(0) { $0 + $1.underway.count } }
    var waiting: [PushResult.Waiting] { self.lanes.flatMap(\.waiting) }
    /// Why the gateway takes no lines at the moment.
    var gatewayFailure: String? { self.lanes.lazy.compactMap(\.failure).first }
    /// Whether everything in the source has come to its end.
    var isComplete: Bool {
        self.hasReadAll && self.obstacle == nil && self.lanes.allSatisfy(\.isIdle) && !self.hasDropped
    }
    private var hasDropped = false
    private(set) var hasEnded = false

    // MARK: Reading

    private func readMore() {
        guard !self.isReading, !self.hasReadAll, !self.isStopping, self.bytesWaiting < Self.queueBytesMax else {
            return
        }
        self.isReading = true
        let source = self.source
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.reading.runIfActive(eventLoop: self.eventLoop) { () -> (lines: [PushLine], bytesRead: Int) in
            (try source.lines(bytesMax: Self.readBytes), source.bytesRead)
        }.whenComplete { result in
            bound.value.read(result)
        }
    }

    private func read(_ result: Result<(lines: [PushLine], bytesRead: Int), any Error>) {
        self.isReading = false
        switch result {
        case .success(let read):
            self.bytesRead = read.bytesRead
            self.linesRead += read.lines.count
            self.hasReadAll = read.lines.isEmpty
            for line in read.lines where !self.settled.contains(line.number) {
                guard !self.isStopping else {
                    self.hasDropped = true
                    break
                }
                self.lane(for: line).append(line)
            }
        case .failure(let error):
            self.obstacle = "\(error)"
            self.isUnreadable = true
            self.hasReadAll = true
        }
        for lane in self.lanes { self.feed(lane) }
        self.readMore()
        self.endIfDone()
    }

    /// Lines of one product through one stream, all others in turn; the same ones after a resumption.
    private func lane(for line: PushLine) -> PushLane {
        guard self.lanes.count > 1 else { return self.lanes[0] }
        let hash = LineContent(line.text, tape: self.tape).idHash ?? UInt64(clamping: line.number)
        return self.lanes[Int(hash % UInt64(self.lanes.count))]
    }

    // MARK: Sending

    private func feed(_ lane: PushLane) {
        guard let connection = lane.connection else {
            if lane.hasQueue, !lane.hasEnded, lane.failuresInARow == 0 { self.connect(lane) }
            return
        }
        while connection.hasRoom, lane.hasQueue, !lane.hasEnded {
            connection.send(
                lane.take(
                    bytesMax: PushConnection.unsentBytesMax / 2, targets: self.options.targetsPerLine,
                    tape: self.tape, settled: self.settle))
        }
        if !lane.hasQueue, self.hasReadAll || self.isStopping, !lane.hasEnded {
            lane.hasEnded = true
            connection.sendEnd()
        }
    }

    private func connect(_ lane: PushLane) {
        lane.begin()
        let connection = PushConnection(
            to: self.options.target, key: self.options.key.map { "\($0)-\(lane.index)" }, delegate: self)
        lane.connection = connection
        connection.start(on: self.eventLoop)
    }

    private func lane(of connection: PushConnection) -> PushLane? {
        self.lanes.first { $0.connection === connection }
    }

    // MARK: The end

    private func settle(_ underway: PushLane.Underway) {
        self.tally.add(underway.fate)
        switch underway.fate {
        case .done, .refused: self.settled.insert(underway.line.number)
        case .unprocessed, .unknown: break
        }
        self.failed?.append(underway.line.text, underway.fate, isCreate: underway.isCreate)
    }

    /// A stream has ended before its end: what has no result is sent again; without a key, where that does no harm.
    private func recover(_ lane: PushLane, mayHaveTaken: Bool) {
        var again: [PushLine] = []
        let left = lane.giveUpUnderway()
        if mayHaveTaken, !left.isEmpty { self.mayHaveSent = true }
        for underway in left {
            if mayHaveTaken, underway.isCreate, self.options.key == nil {
                var lost = underway
                lost.fate = .unknown
                self.settle(lost)
            } else {
                again.append(underway.line)
            }
        }
        if !self.isStopping { lane.prepend(again) } else if !again.isEmpty { self.hasDropped = true }
    }

    private func tryAgain(_ lane: PushLane, _ reason: String) {
        lane.failuresInARow += 1
        lane.failure = reason
        lane.hasEnded = false
        guard !self.isStopping else { return }
        guard lane.failuresInARow < Self.failuresMax else {
            self.giveUp(reason)
            return
        }
        let pause = TimeAmount.milliseconds(min(250 << Int64(min(lane.failuresInARow, 6)), 10_000))
        let bound = NIOLoopBound((push: self, lane: lane), eventLoop: self.eventLoop)
        self.eventLoop.scheduleTask(in: pause) {
            let (push, lane) = bound.value
            if lane.connection == nil, lane.hasQueue, !push.isStopping { push.connect(lane) }
            push.endIfDone()
        }
    }

    private func giveUp(_ reason: String) {
        if self.obstacle == nil || self.isUnreadable { self.obstacle = reason }
        self.isUnreadable = false
        self.stop()
    }

    private func endIfDone() {
        guard !self.isReading || self.isStopping, self.hasReadAll || self.isStopping,
            self.lanes.allSatisfy({ $0.connection == nil && !$0.hasQueue })
        else { return }
        guard !self.hasEnded else { return }
        self.hasEnded = true
        self.completion.succeed()
    }
}

extension Push: PushConnectionDelegate {
    func connectionHasRoom(_ connection: PushConnection) {
        guard let lane = self.lane(of: connection) else { return }
        self.feed(lane)
        self.readMore()
    }

    func connectionWaits(_ connection: PushConnection) {
        self.lane(of: connection)?.failure = "an earlier stream with the same key is still under way"
    }

    func connection(_ connection: PushConnection, knows known: KnownLines?) {
        self.lane(of: connection)?.begins(with: known, isResumed: self.wasBegun)
        guard !self.hasBegun else { return }
        self.hasBegun = true
        self.onBegin()
    }

    func connection(_ connection: PushConnection, received text: UnsafeBufferPointer<UInt8>) {
        guard let lane = self.lane(of: connection), let result = PushResult(text, tape: self.tape) else { return }
        switch result {
        case .line(let number, let target, let outcome, let status, let code, let isRetryable, let isDryRun):
            let fate = LineFate(
                outcome, status: status, code: code, isRetryable: isRetryable, isDryRun: isDryRun)
            if fate != .done, lane.underway[number] != nil {
                let problem = Array(text)
                self.failed?.append(problem: problem)
                self.onFailure(problem)
            }
            if let ended = lane.result(of: number, fate: fate, isLast: target == nil) { self.settle(ended) }
            lane.waits(for: [])
        case .progress(let waiting): lane.waits(for: waiting)
        case .fatal(let code, let detail): lane.fatal = (code, detail)
        case .summary(let isComplete): lane.summary = isComplete
        }
    }

    func connectionEnded(_ connection: PushConnection, _ reason: PushEnd) {
        guard let lane = self.lane(of: connection) else { return }
        lane.connection = nil
        switch reason {
        case .answered where lane.summary == true:
            self.recover(lane, mayHaveTaken: true)
            if lane.hasQueue { self.tryAgain(lane, "the gateway left lines without a result") }
        case .answered where lane.summary == false:
            // Every line that it has taken has its result.
            self.recover(lane, mayHaveTaken: false)
            let (code, detail) = lane.fatal ?? ("", "the gateway ended the stream")
            if ["overloaded", "idempotency_conflict", "store_unavailable"].contains(code) {
                self.tryAgain(lane, detail)
            } else {
                self.giveUp(detail)
            }
        case .answered:
            self.recover(lane, mayHaveTaken: true)
            self.tryAgain(lane, "the stream was cut off")
        case .broken(let reason):
            self.recover(lane, mayHaveTaken: true)
            self.tryAgain(lane, reason)
        case .refused(let status, let detail):
            self.recover(lane, mayHaveTaken: false)
            // 409: the stream that was lost is still under way.
            if [409, 429, 503].contains(status) {
                self.tryAgain(lane, detail)
            } else {
                // Nothing was taken, so that there is nothing to go on with.
                if !self.wasBegun, !self.mayHaveSent, self.tally.all == 0,
                    self.lanes.allSatisfy({ $0.underway.isEmpty })
                {
                    self.hasBegun = false
                }
                self.giveUp("the gateway answered \(status): \(detail)")
            }
        case .untrusted(let reason):
            self.recover(lane, mayHaveTaken: false)
            self.giveUp("the gateway's certificate is not trusted: \(reason)")
        }
        self.endIfDone()
    }
}
