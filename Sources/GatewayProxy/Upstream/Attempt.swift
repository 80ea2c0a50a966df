import GatewayHTTP
import GatewayJSON
import GatewayTranslation

/// What is asked of a vendor in one attempt.
struct UpstreamRequest {
    /// What all attempts have in common.
    let content: VendorRequest
    /// The base URL's path, which stands before the content's; without a slash at its end.
    var basePath: [UInt8] = []
    /// The secret, which is the value of `authorization` where `secretPlace` says nothing else; never logged.
    var authorization: [UInt8]?
    var secretPlace = SecretPlace.authorization
    let requestID: RequestID
    /// The field in which the vendor takes a key of ours, and the key: the same in all attempts. Nil where it takes
    /// none, or the caller has sent none.
    var vendorKey: (name: String, value: String)?
    /// Nil where the vendor is not told of traces.
    var trace: SentTrace?
    /// Whose turn it takes where attempts have to wait; nil for the gateway's own.
    var owner: QueueOwner?
    /// A field that tells who asks; nil where the vendor is not told.
    var actor: (name: String, value: String)?
    /// Header fields of the answer that are to be kept, names in lower case.
    var wantedHeaders: [String] = []

    /// Where a vendor wants its secret.
    enum SecretPlace {
        case authorization
        case header(name: String)
        case query(name: String)
    }

    var method: String { self.content.method }
    /// Path and query, behind `basePath`.
    var path: [UInt8] {
        guard case .query(let name) = self.secretPlace, let secret = self.authorization else {
            return self.content.path
        }
        let mark = UInt8(ascii: self.content.path.contains(UInt8(ascii: "?")) ? "&" : "?")
        return self.content.path + [mark] + Array(name.utf8) + [UInt8(ascii: "=")] + PercentEncoding.encode(secret)
    }
    var body: [UInt8] { self.content.body }
}

/// Why an attempt brought no answer.
enum AttemptFailure: Equatable {
    /// No connection could be made; nothing was sent.
    case notConnected(reason: String)
    /// The vendor's certificate was refused; nothing was sent.
    case notTrusted(reason: String)
    /// Too many attempts were waiting already; nothing was sent.
    case queueFull
    /// No stream came free in the time that an attempt may wait; nothing was sent.
    case queueTimedOut
    /// The time was over before a connection was there; nothing was sent.
    case timedOutBeforeSending
    /// The vendor said that it has not processed the request (RFC 9113 section 8.7).
    case refused
    /// The time was over before the whole answer was there.
    case timedOut
    /// The connection or the stream ended without an answer.
    case endedWithoutAnswer(reason: String)
    /// The connection or the stream ended in the middle of the answer.
    case answerCutShort(status: Int, reason: String)
    /// The answer is larger than we take.
    case answerTooLarge(status: Int)
    /// The answer breaks a rule of the protocol it came in; the status is 0 where none could be read.
    case answerMalformed(status: Int, reason: String)

    /// Whether the vendor cannot have acted on the request.
    var isBeforeProcessing: Bool {
        switch self {
        case .notConnected, .notTrusted, .queueFull, .queueTimedOut, .timedOutBeforeSending, .refused: true
        case .timedOut, .endedWithoutAnswer, .answerCutShort, .answerTooLarge, .answerMalformed: false
        }
    }
}

/// Whoever wants to know what came of an attempt. Told exactly once.
protocol AttemptDelegate: AnyObject {
    func attempt(_ attempt: Attempt, finished result: Result<VendorAnswer, AttemptFailure>)
}

extension AttemptFailure: Error {}

/// One try against a target: a request on its way, and the answer as far as it has come.
///
/// Its deadline is the attempt's time-out. Confined to its worker's event loop.
final class Attempt: Deadline {
    enum Stage: Equatable {
        case waiting, sent, answering
        /// The answer is there, and waits for its turn to be told.
        case whole
        case finished
    }

    let request: UpstreamRequest
    private(set) var stage: Stage = .waiting
    /// Of the answer's body, as far as it came.
    private(set) var bytesReceived = 0
    /// From its head on.
    private var answer: VendorAnswer?
    /// When it was handed to a stream, in nanoseconds; `nil` while it waits.
    private(set) var sentAt: UInt64?
    /// When it was made, in nanoseconds.
    let madeAt: UInt64
    /// It failed with others for the same reason, of which another is counted: a dial that failed.
    private(set) var sharesFailure = false
    /// HTTP's version on the connection that it was handed to, as traces name it; empty while it waits.
    private(set) var version: StaticString = ""
    /// Held until the result is told, so that an exchange outlives a caller that has gone.
    private var delegate: (any AttemptDelegate)?
    private let environment: UpstreamEnvironment
    private let answerBytesMax: Int
    /// Of the answer, as far as it has come.
    private var memory: MemoryShare
    /// Where it is under way; given up with the result, because the connection holds its attempts.
    private var connection: PooledConnection?
    private var streamID: Int32 = 0
    /// What the answer's `content-length` says.
    private var announcedBytes = 0
    /// Memory that one received byte can make us set aside: a frame's worth for a whole answer of some frames.
    private static let reservedPerByte = 16
    /// Where it waits, while it does.
    private var queue: UpstreamPool?
    /// The attempt's own timeout, while a shorter one has taken its place.
    private var timeoutAt: UInt64 = 0

    init(request: UpstreamRequest, environment: UpstreamEnvironment, delegate: any AttemptDelegate) {
        self.request = request
        self.environment = environment
        self.delegate = delegate
        self.answerBytesMax = environment.answerBytesMax
        self.madeAt = environment.clock.now()
        self.memory = MemoryShare(of: environment.memory)
    }

    // MARK: Told by the pool and the connection

    func sent(on connection: PooledConnection, streamID: Int32) {
        if self.queue == nil { connection.pool.silence.asked(now: self.environment.clock.now()) }
        if self.timeoutAt > 0 { self.environment.deadlines.schedule(self, at: self.timeoutAt) }
        self.queue = nil
        self.stage = .sent
        self.sentAt = self.environment.clock.now()
        self.connection = connection
        self.version = connection.version == .http2 ? "2" : "1.1"
        self.streamID = streamID
    }

    func received(status: Int, fields: ReceivedFields) {
        guard self.stage == .sent else { return }
        self.stage = .answering
        let answer = VendorAnswer(status: status, body: [])
        self.answer = answer
        var otherRequestID: String?
        var correlationID: String?
        for position in 0..<fields.count {
            let field = fields[position]
            switch field.name {
            case .retryAfter where answer.retryAfter == nil: answer.retryAfter = field.text
            case .etag where answer.etag == nil: answer.etag = field.text
            case .xRequestID where answer.requestID == nil: answer.requestID = field.text
            case .requestID where otherRequestID == nil: otherRequestID = field.text
            case .xCorrelationID where correlationID == nil: correlationID = field.text
            case .contentLength: self.announcedBytes = field.decimal ?? 0
            default: break
            }
        }
        if !self.request.wantedHeaders.isEmpty { self.keep(self.request.wantedHeaders, of: fields, in: answer) }
        if answer.requestID == nil { answer.requestID = otherRequestID ?? correlationID }
        // What is announced need not come before it is too much. Where there is no body, the length is another's (RFC
        // 9110 section 8.6).
        if self.announcedBytes > self.answerBytesMax, status != 304, status != 204 {
            self.giveUp(.answerTooLarge(status: status))
        }
    }

    /// Keeps what the dialect asks for beside the fields that all answers are read for.
    private func keep(_ names: [String], of fields: ReceivedFields, in answer: VendorAnswer) {
        for position in 0..<fields.count {
            let field = fields[position]
            let name = String(decoding: field.nameBytes, as: UTF8.self).lowercased()
            guard names.contains(name), answer.headers.count < Self.keptHeadersMax else { continue }
            answer.headers.append((name, field.text))
        }
    }

    /// More than any vendor answers of what is asked for: some cookies, an address, a few limits.
    private static let keptHeadersMax = 32

    func received(body bytes: UnsafeRawBufferPointer) {
        guard self.stage == .answering, let answer = self.answer else { return }
        guard answer.body.count + bytes.count <= self.answerBytesMax else {
            self.giveUp(.answerTooLarge(status: answer.status))
            return
        }
        guard self.environment.memory.mayGrow(to: answer.body.count + bytes.count) else {
            self.environment.memory.budget.given(up: .answer)
            self.giveUp(.answerCutShort(status: answer.status, reason: "the gateway has no memory for all of it"))
            return
        }
        if answer.body.isEmpty {
            // Once, instead of growing with every frame; no more than the vendor backs with bytes that it sends.
            let backed = Self.reservedPerByte * bytes.count
            let announced = min(self.announcedBytes, backed, self.answerBytesMax)
            answer.body = self.environment.bodyBuffers.take(ofAtMost: backed)
            answer.body.reserveCapacity(max(announced, bytes.count))
        }
        answer.body.append(contentsOf: bytes)
        self.memory.set(answer.body.capacity)
        self.bytesReceived += bytes.count
    }

    func receivedEnd() {
        guard self.stage == .answering, let answer = self.answer else { return }
        guard answer.body.count >= LargeAnswers.bytesMin else {
            self.finish(.success(answer))
            return
        }
        self.stage = .whole
        self.environment.deadlines.cancel(self)
        self.environment.largeAnswers.add(self)
    }

    /// Whether there is nothing more to parse before the answer can be told.
    var isParsed: Bool {
        guard self.stage == .whole, let answer = self.answer else { return true }
        return answer.parse.map { $0.progress != .unfinished } ?? false
    }

    /// Parses some of the answer.
    ///
    /// - Returns: whether that was the rest of it.
    func parse(_ limits: JSONLimits, entriesMax: Int) -> Bool {
        guard self.stage == .whole, let answer = self.answer else { return true }
        let body = answer.body
        return body.withUnsafeBufferPointer { bytes in
            if answer.parse == nil { answer.parse = JSONSlicedParse(of: bytes, limits: limits) }
            guard let parse = answer.parse else { return true }
            let progress = parse.advance(bytes, entriesMax: entriesMax)
            self.memory.set(body.capacity + parse.byteCount)
            return progress != .unfinished
        }
    }

    /// It is the answer's turn.
    func tellAnswer() {
        guard self.stage == .whole, let answer = self.answer else { return }
        self.finish(.success(answer))
        // It has been understood, and the body may be kept for longer.
        answer.parse = nil
    }

    /// The vendor, or the connection, has ended it.
    func ended(because reason: String) {
        switch self.stage {
        case .sent: self.finish(.failure(.endedWithoutAnswer(reason: reason)))
        case .answering:
            self.finish(.failure(.answerCutShort(status: self.answer?.status ?? 0, reason: reason)))
        case .waiting, .whole, .finished: break
        }
    }

    /// What has come of the answer breaks a rule of its protocol.
    func answerMalformed(because reason: String) {
        guard self.stage != .whole else { return }
        self.finish(.failure(.answerMalformed(status: self.answer?.status ?? 0, reason: reason)))
    }

    /// Whose turn it takes where attempts have to wait.
    var owner: QueueOwner { self.request.owner ?? QueueOwner(ObjectIdentifier(self.environment)) }

    /// - Parameter isShared: others have failed for the same reason, of which another is counted.
    func failed(_ failure: AttemptFailure, isShared: Bool = false) {
        guard self.stage != .whole else { return }
        self.sharesFailure = isShared
        self.finish(.failure(failure))
    }

    func waits(in queue: UpstreamPool) {
        if self.queue == nil { queue.silence.asked(now: self.environment.clock.now()) }
        self.queue = queue
    }

    /// It waits for a stream: `limit` nanoseconds from now at most, and no longer than its time-out. Said again, it
    /// changes nothing.
    func queued(limit: UInt64) {
        guard self.timeoutAt == 0 else { return }
        self.timeoutAt = self.dueAt
        let due = self.environment.clock.now() &+ limit
        if due < self.timeoutAt { self.environment.deadlines.schedule(self, at: due) }
    }

    override func deadlineReached() {
        guard self.stage == .waiting else {
            self.giveUp(.timedOut)
            return
        }
        self.giveUp(self.environment.clock.now() < self.timeoutAt ? .queueTimedOut : .timedOutBeforeSending)
    }

    /// Nobody waits any more. One that has not been sent is forgotten; one that has is left to its end, because
    /// the vendor may be acting on it.
    func abandonIfWaiting() -> Bool {
        guard self.stage == .waiting else { return false }
        self.stage = .finished
        self.delegate = nil
        self.environment.deadlines.cancel(self)
        self.leavePool(isAnswered: false)
        return true
    }

    private func leavePool(isAnswered: Bool) {
        (self.queue ?? self.connection?.pool)?.silence.ended(
            isAnswered: isAnswered, now: self.environment.clock.now())
        self.connection = nil
        guard let queue = self.queue else { return }
        self.queue = nil
        queue.forget(self)
    }

    private func giveUp(_ failure: AttemptFailure) {
        if let connection = self.connection {
            connection.abandon(streamID: self.streamID)
            if failure == .timedOut { connection.suspect(sentAt: self.sentAt ?? 0) }
        }
        self.finish(.failure(failure))
    }

    private func finish(_ result: Result<VendorAnswer, AttemptFailure>) {
        guard self.stage != .finished else { return }
        self.stage = .finished
        self.environment.deadlines.cancel(self)
        if case .success = result { self.leavePool(isAnswered: true) } else { self.leavePool(isAnswered: false) }
        var delegate: (any AttemptDelegate)?
        swap(&delegate, &self.delegate)
        delegate?.attempt(self, finished: result)
    }
}
