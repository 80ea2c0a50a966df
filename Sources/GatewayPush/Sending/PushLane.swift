import GatewayJSON

/// One of the streams of a push, and the lines that are on their way through it.
///
/// Outlives its connections: what a broken one leaves behind is sent again through the next. Confined to its event
/// loop.
final class PushLane {
    /// A line without all of its results.
    struct Underway {
        let line: PushLine
        let isCreate: Bool
        var resultsLeft: Int
        var fate = LineFate.done
    }

    let index: Int
    var connection: PushConnection?
    /// To be sent, the next one first.
    private var queue: [PushLine] = []
    private var queueStart = 0
    private(set) var queueBytes = 0
    /// By their numbers, which the gateway knows them by, too.
    private(set) var underway: [Int: Underway] = [:]
    /// The last line of the present stream.
    private var linesSent = 0
    /// What the gateway knew when the present stream began.
    private var known = KnownLines()
    /// The gateway has forgotten an earlier stream: creates that went through it may have been done.
    private var isForgotten = false
    /// Those that have, of this push; and whether any of an earlier one may.
    private var sentBefore: Set<Int> = []
    private var anyMayBeSent = false
    private var hasBegun = false
    /// What the present stream has said of its end.
    var summary: Bool?
    var fatal: (code: String, detail: String)?
    /// Streams in a row that brought no line to its end.
    var failuresInARow = 0
    var hasEnded = false
    private(set) var waiting: [PushResult.Waiting] = []
    /// Why there is no stream at the moment; nil from its first sign of life on.
    var failure: String?

    init(index: Int) { self.index = index }

    var isIdle: Bool { self.queueStart == self.queue.count && self.underway.isEmpty }
    var hasQueue: Bool { self.queueStart < self.queue.count }

    func append(_ line: PushLine) {
        self.queue.append(line)
        self.queueBytes += line.text.count
    }

    /// Nothing that waits is sent.
    func dropQueue() {
        self.queue.removeAll()
        self.queueStart = 0
        self.queueBytes = 0
    }

    /// A new stream begins: its lines are numbered as in the file.
    func begin() {
        self.linesSent = 0
        self.known = KnownLines()
        self.summary = nil
        self.fatal = nil
        self.waiting = []
    }

    /// - Parameters:
    ///   - known: what the gateway knows; nil where it knows nothing of the stream's key.
    ///   - isResumed: an earlier push may have sent any of its lines.
    func begins(with known: KnownLines?, isResumed: Bool) {
        self.failure = nil
        self.known = known ?? KnownLines()
        self.isForgotten = known == nil
        if known == nil, isResumed, !self.hasBegun { self.anyMayBeSent = true }
        self.hasBegun = true
    }

    /// It may have been done, and nobody remembers.
    private func isInDoubt(_ line: Int) -> Bool {
        self.isForgotten && (self.anyMayBeSent || self.sentBefore.contains(line))
    }

    /// Takes lines off the queue to be sent, up to some bytes. A line that is not to be sent again, or is another
    /// stream's, is an empty one, so that all have the numbers of the file.
    ///
    /// - Parameter settled: gets lines that are not sent: the gateway knows that they are done, or they are creates
    ///   that may have been and that it has forgotten.
    func take(bytesMax: Int, targets: Int, tape: JSONTape, settled: (Underway) -> Void) -> [UInt8] {
        var bytes: [UInt8] = []
        while self.hasQueue, bytes.count < bytesMax {
            let line = self.queue[self.queueStart]
            let gap = min(max(0, line.number - 1 - self.linesSent), bytesMax - bytes.count)
            bytes.append(contentsOf: repeatElement(0x0A, count: gap))
            self.linesSent += gap
            guard self.linesSent >= line.number - 1 else { break }
            self.queueStart += 1
            self.queueBytes -= line.text.count
            let content = LineContent(line.text, tape: tape)
            guard !self.known.isDone(line.number) else {
                settled(Underway(line: line, isCreate: content.isCreate, resultsLeft: 0))
                continue
            }
            guard !content.isCreate || !self.isInDoubt(line.number) else {
                settled(Underway(line: line, isCreate: true, resultsLeft: 0, fate: .unknown))
                continue
            }
            self.linesSent = line.number
            self.underway[line.number] = Underway(
                line: line, isCreate: content.isCreate, resultsLeft: content.targets ?? targets)
            bytes.append(contentsOf: line.text)
            bytes.append(0x0A)
        }
        if !self.hasQueue {
            self.queue.removeAll(keepingCapacity: true)
            self.queueStart = 0
        } else if self.queueStart > 4_096 {
            self.queue.removeFirst(self.queueStart)
            self.queueStart = 0
        }
        return bytes
    }

    /// A line has a result; returns it when that was the last one.
    func result(of number: Int, fate: LineFate, isLast: Bool) -> Underway? {
        guard var underway = self.underway[number] else { return nil }
        underway.fate = max(underway.fate, fate)
        underway.resultsLeft -= 1
        guard isLast || underway.resultsLeft <= 0 else {
            self.underway[number] = underway
            return nil
        }
        self.underway.removeValue(forKey: number)
        self.failuresInARow = 0
        self.failure = nil
        return underway
    }

    func waits(for waiting: [PushResult.Waiting]) { self.waiting = waiting }

    /// The stream is over: what has no result, in the order of the file.
    func giveUpUnderway() -> [Underway] {
        let left = self.underway.sorted { $0.key < $1.key }.map(\.value)
        for lost in left where lost.isCreate { self.sentBefore.insert(lost.line.number) }
        self.underway.removeAll()
        self.waiting = []
        return left
    }

    /// To be sent before everything else, in this order.
    func prepend(_ lines: [PushLine]) {
        self.queue.replaceSubrange(0..<self.queueStart, with: lines)
        self.queueStart = 0
        self.queueBytes += lines.reduce(0) { $0 + $1.text.count }
    }
}

/// What has to be known of a line to push it.
struct LineContent {
    var isCreate = false
    /// How many targets it names; nil where it leaves that to the stream.
    var targets: Int?
    /// Lines with the same go through the same stream, so that they keep their order.
    var idHash: UInt64?

    init(_ text: [UInt8], tape: JSONTape) {
        text.withUnsafeBufferPointer { bytes in
            guard let view = try? tape.parse(bytes, limits: JSONLimits(bytesMax: 128 << 20, depthMax: 128)),
                view[0].kind == .object
            else { return }
            if let op = view.member("op", of: 0), view[op].kind == .string {
                self.isCreate = view.string(view[op]) == "create"
            }
            if let target = view.member("target", of: 0), view[target].kind == .string {
                self.targets = view.string(view[target]).split(separator: ",").count
            }
            if let id = view.member("id", of: 0), view[id].kind == .string {
                // FNV-1a: the same in every process, because a resumed push has to divide its lines as before.
                self.idHash = view.decoded(view[id]).reduce(14_695_981_039_346_656_037) {
                    ($0 ^ UInt64($1)) &* 1_099_511_628_211
                }
            }
        }
    }
}
