import GatewayHTTP2
import GatewayJSON
import GatewayTLS
import GatewayTranslation
import Logging
import NIOCore

/// Something with output to write at the end of the event loop's tick.
protocol Flushable: AnyObject {
    func flush()
}

/// Everything that lives on one event loop: connections of both sides, deadlines, and the storage they reuse.
///
/// A request never leaves the worker that accepted it. Nothing here is locked; what other threads want is put on the
/// event loop first.
final class Worker {
    let eventLoop: any EventLoop
    let index: Int
    private(set) var limits: WorkerLimits
    let logger: Logger
    private(set) var targets: TargetDirectory
    private(set) var published: PublishedDocuments

    /// Storage that one thing uses at a time: what is in it dies when the event loop turns to the next.
    let fieldStore = FieldStore()
    let fieldList = HTTP2FieldList()
    let tlsScratch = TLSScratchBuffer()
    private(set) var translator: Translator
    private var outputBuffer = ByteBuffer()
    private var bodyBuffer: [UInt8] = []
    /// A product with all its texts; a larger one must not keep its memory for ever.
    private static let bodyBufferBytesMax = 64 * 1024
    var random = BufferedRandom()
    private var clock = WallClock()
    private var heldNow: UInt64?

    /// What this worker counts.
    let ledger: WorkerLedger
    /// How its pools come by connections.
    let makeDial: (UpstreamPool) -> UpstreamDial
    let names: NameLookup

    private let logWriter: LogWriter
    private let logSettings: LogSettings
    private var logLines: [UInt8] = []
    private let wheel: DeadlineWheel
    private var tick: RepeatedTask?
    private var flushable: [any Flushable] = []
    private var flushing: [any Flushable] = []
    private var isFlushScheduled = false
    private var connections: [ObjectIdentifier: any CallerConnection] = [:]
    /// By the targets' indexes.
    private var targetStates: [TargetState] = []
    private var pools: [ObjectIdentifier: UpstreamPool] = [:]
    private(set) var exchangesInFlight = 0
    private var isDraining = false
    /// The listening socket is open: callers may still come from its backlog.
    private var isListening = false
    /// Exchanges under way whose callers have gone: nobody else keeps them together.
    private var abandoned: [ObjectIdentifier: Exchange] = [:]
    private var onDrained: (@Sendable () -> Void)?

    init(
        eventLoop: any EventLoop, index: Int, limits: WorkerLimits, targets: TargetDirectory,
        published: PublishedDocuments, logger: Logger, logWriter: LogWriter,
        logSettings: LogSettings, ledger: WorkerLedger,
        makeDial: @escaping (UpstreamPool) -> UpstreamDial = SocketDial.init(pool:),
        names: NameLookup = .system
    ) {
        self.makeDial = makeDial
        self.names = names
        self.ledger = ledger
        self.eventLoop = eventLoop
        self.index = index
        self.limits = limits
        self.targets = targets
        self.published = published
        self.logger = logger
        self.logWriter = logWriter
        self.logSettings = logSettings
        self.translator = Translator(limits: JSONLimits(limits))
        self.wheel = DeadlineWheel(now: NIODeadline.now().uptimeNanoseconds)
        self.targetStates = targets.all.map { TargetState(target: $0, worker: self) }
    }

    // MARK: Time

    /// Monotonic nanoseconds: now, or while time is held the moment at which that began.
    func now() -> UInt64 {
        self.heldNow ?? NIODeadline.now().uptimeNanoseconds
    }

    /// Monotonic nanoseconds, always of now: for measuring what happens within one read.
    func exactNow() -> UInt64 {
        NIODeadline.now().uptimeNanoseconds
    }

    /// Lets everything that one read brings about happen at one moment, which is the result: a request looks at the
    /// clock a dozen times, and reading it costs more than looking.
    ///
    /// `releaseTime` must follow before the event loop turns to anything else.
    func holdTime() -> UInt64 {
        let now = NIODeadline.now().uptimeNanoseconds
        self.heldNow = now
        self.clock.update()
        return now
    }

    /// Something took long, up to `now`: what follows must not count it as still to come.
    func timePassed(to now: UInt64) {
        if self.heldNow != nil { self.heldNow = now }
    }

    func releaseTime() {
        self.heldNow = nil
    }

    var date: [UInt8] {
        self.updateClock()
        return self.clock.httpDate
    }

    var epochSeconds: Int {
        self.updateClock()
        return self.clock.epochSeconds
    }

    private func updateClock() {
        if self.heldNow == nil { self.clock.update() }
    }

    func schedule(_ deadline: Deadline, in nanoseconds: UInt64) {
        self.schedule(deadline, at: self.now() &+ nanoseconds)
    }

    func schedule(_ deadline: Deadline, at nanoseconds: UInt64) {
        if self.wheel.count == 0 { _ = self.wheel.advance(to: self.now()) }
        self.wheel.schedule(deadline, at: nanoseconds)
        self.startTicking()
    }

    func cancel(_ deadline: Deadline) {
        self.wheel.cancel(deadline)
    }

    private func startTicking() {
        guard self.tick == nil else { return }
        let interval = TimeAmount.nanoseconds(Int64(DeadlineWheel.nanosecondsPerTick))
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.tick = self.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            bound.value.turnWheel()
        }
    }

    private func turnWheel() {
        for deadline in self.wheel.advance(to: self.now()) where deadline.isReached {
            deadline.deadlineReached()
        }
        if self.wheel.count == 0 {
            self.tick?.cancel()
            self.tick = nil
        }
    }

    // MARK: Writing

    /// Has `flushable` flushed when everything that has been read in this tick has been handled: one write for each
    /// connection, however many answers it carries.
    func needsFlush(_ flushable: any Flushable) {
        self.flushable.append(flushable)
        self.scheduleFlush()
    }

    private func scheduleFlush() {
        guard !self.isFlushScheduled else { return }
        self.isFlushScheduled = true
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.execute { bound.value.flush() }
    }

    private func flush() {
        self.isFlushScheduled = false
        // What flushing makes dirty again waits in the other list for its own turn.
        swap(&self.flushable, &self.flushing)
        for connection in self.flushing { connection.flush() }
        self.flushing.removeAll(keepingCapacity: true)
        if !self.logLines.isEmpty {
            self.logWriter.append(self.logLines)
            self.logLines.removeAll(keepingCapacity: true)
        }
    }

    func takeOutputBuffer() -> ByteBuffer {
        var taken = ByteBuffer()
        swap(&taken, &self.outputBuffer)
        return taken
    }

    func giveBackOutputBuffer(_ buffer: consuming ByteBuffer) {
        buffer.clear()
        self.outputBuffer = buffer
    }

    /// Room for the body of a request or an answer; nearly always that of the one before, which was translated as soon as
    /// it was whole.
    ///
    /// None that is larger than `bytesMax`: a peer that sends one byte and waits must not hold much more than that.
    func takeBodyBuffer(ofAtMost bytesMax: Int) -> [UInt8] {
        guard self.bodyBuffer.capacity <= bytesMax else { return [] }
        var taken: [UInt8] = []
        swap(&taken, &self.bodyBuffer)
        return taken
    }

    /// Takes the room of a body that nobody else refers to; leaves an empty one.
    func giveBackBodyBuffer(_ body: inout [UInt8]) {
        if !body.isEmpty, body.capacity <= Self.bodyBufferBytesMax {
            body.removeAll(keepingCapacity: true)
            swap(&body, &self.bodyBuffer)
        }
        body = []
    }

    // MARK: Upstream

    func pool(for endpoint: UpstreamEndpoint) -> UpstreamPool {
        let key = ObjectIdentifier(endpoint)
        if let pool = self.pools[key] { return pool }
        let pool = UpstreamPool(endpoint: endpoint, worker: self)
        if self.targets.uses(endpoint) {
            self.pools[key] = pool
        } else {
            // Of a configuration that is not in force any more: it lives as long as what is under way on it.
            pool.drain()
        }
        return pool
    }

    func state(of target: Target) -> TargetState {
        if target.index < self.targetStates.count {
            let state = self.targetStates[target.index]
            if state.target === target { return state }
        }
        // One of a configuration that is not in force any more.
        return TargetState(target: target, worker: self)
    }

    func renewToken(of source: OAuth2TokenSource) {
        TokenRenewal(source: source, worker: self).start()
    }

    // MARK: Life

    /// Puts a new configuration in force: for the exchanges and connections that begin from now on. What is under way
    /// goes on with what it began with.
    func replace(
        targets: TargetDirectory, published: PublishedDocuments, limits: WorkerLimits
    ) {
        self.targets = targets
        self.published = published
        self.limits = limits
        self.translator = Translator(limits: JSONLimits(limits))
        for state in self.targetStates { state.forgetPool() }
        self.targetStates = targets.all.map { TargetState(target: $0, worker: self) }
        let pools = self.pools
        self.pools.removeAll()
        for pool in pools.values { pool.drain() }
    }

    var hasRoomForConnection: Bool {
        self.connections.count < self.limits.connectionsMax
    }

    func connectionOpened(_ connection: any CallerConnection) {
        self.connections[ObjectIdentifier(connection)] = connection
        self.ledger.connectionOpened()
        // One of the last from the backlog: what it has sent already is answered.
        if self.isDraining { connection.drain() }
    }

    /// What `beginning` was is `connection` from now on: the same connection, whose protocol is known.
    func connection(_ beginning: ProtocolChooser, isNow connection: any CallerConnection) {
        self.connections.removeValue(forKey: ObjectIdentifier(beginning))
        self.connections[ObjectIdentifier(connection)] = connection
    }

    func connectionClosed(_ connection: any CallerConnection) {
        self.connections.removeValue(forKey: ObjectIdentifier(connection))
        self.ledger.connectionClosed()
        self.finishIfDrained()
    }

    func exchangeStarted() {
        self.exchangesInFlight += 1
        self.ledger.exchangeStarted()
    }

    /// Counts and logs an exchange that is over. Its trace begins here where the log or the status page are the first to
    /// want it.
    func exchangeEnded(_ record: inout ExchangeRecord) {
        self.exchangesInFlight -= 1
        let level = record.level
        let isLogged = self.logSettings.level <= level
        if record.trace == nil, isLogged || record.hasFailed { record.trace = TraceContext(from: &self.random) }
        self.ledger.exchangeEnded(record)
        if isLogged {
            self.updateClock()
            LogLine.append(
                to: &self.logLines, level: level.rawValue, message: "exchange", second: self.clock.logSecond,
                milliseconds: self.clock.milliseconds, format: self.logSettings.format
            ) { record.write(to: &$0) }
            self.scheduleFlush()
        }
        self.finishIfDrained()
    }

    func exchangeAbandoned(_ exchange: Exchange) {
        self.abandoned[ObjectIdentifier(exchange)] = exchange
    }

    func abandonedExchangeEnded(_ exchange: Exchange) {
        self.abandoned.removeValue(forKey: ObjectIdentifier(exchange))
    }

    /// Ends gracefully: callers are told to go elsewhere, what is in flight is finished, then `completion` is called.
    func drain(listener: any Channel, completion: @escaping @Sendable () -> Void) {
        self.isDraining = true
        self.isListening = true
        self.onDrained = completion
        for connection in self.connections.values { connection.drain() }
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        Listener.close(listener).whenComplete { _ in
            bound.value.isListening = false
            bound.value.finishIfDrained()
        }
    }

    /// Time is up: what is still in flight is answered with what is known of it, which is not that it was done.
    ///
    /// `drain`'s completion is called when the callers have taken their answers; `close` waits for nobody.
    ///
    /// - Returns: how many exchanges were cut.
    func cut() -> Int {
        let cut = self.exchangesInFlight
        for connection in Array(self.connections.values) { connection.cut() }
        for exchange in Array(self.abandoned.values) { exchange.cut() }
        return cut
    }

    /// Ends at once.
    func close() {
        self.onDrained = nil
        for connection in Array(self.connections.values) { connection.close() }
        for pool in self.pools.values { pool.drain() }
        self.tick?.cancel()
        self.tick = nil
        self.flush()
    }

    private func finishIfDrained() {
        guard self.isDraining, !self.isListening, self.exchangesInFlight == 0,
            self.connections.isEmpty, let onDrained = self.onDrained
        else { return }
        self.onDrained = nil
        for pool in self.pools.values { pool.drain() }
        // Not from within whatever brought this about: it may be in the middle of a session's events.
        self.eventLoop.execute(onDrained)
    }
}

extension JSONLimits {
    /// One translator reads both a caller's document and a vendor's answer.
    fileprivate init(_ limits: WorkerLimits) {
        self.init(
            bytesMax: max(limits.requestBodyBytesMax, limits.answerBytesMax),
            depthMax: limits.jsonDepthMax)
    }
}
