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
    /// By the numbers that the gateway knows them by: those of the present stream.
    private(set) var underway: [Int: Underway] = [:]
    private var linesSent = 0
    /// What the present stream has said of its end.
    var summary: Bool?
    var fatal: (code: String, detail: String)?
    /// Streams in a row that brought no line to its end.
    var failuresInARow = 0
    var hasEnded = false
    private(set) var waiting: [PushResult.Waiting] = []

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

    /// A new stream begins, in which lines are counted from 1.
    func begin() {
        self.linesSent = 0
        self.summary = nil
        self.fatal = nil
        self.waiting = []
    }

    /// Takes lines off the queue to be sent, up to some bytes.
    func take(bytesMax: Int, targets: Int, tape: JSONTape) -> [UInt8] {
        var bytes: [UInt8] = []
        while self.hasQueue, bytes.count < bytesMax {
            let line = self.queue[self.queueStart]
            self.queueStart += 1
            self.queueBytes -= line.text.count
            self.linesSent += 1
            let content = LineContent(line.text, tape: tape)
            self.underway[self.linesSent] = Underway(
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
        return underway
    }

    func waits(for waiting: [PushResult.Waiting]) { self.waiting = waiting }

    /// The stream is over: what has no result, in the order of the file.
    func giveUpUnderway() -> [Underway] {
        let left = self.underway.sorted { $0.key < $1.key }.map(\.value)
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
    var idHash: Int?

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
                self.idHash = view.decoded(view[id]).hashValue
            }
        }
    }
}
