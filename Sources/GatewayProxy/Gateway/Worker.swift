import GatewayJSON
import GatewayStore
import GatewayTLS
import Logging
import NIOCore

/// What lives on one event loop: each room of the proxy with what it needs, and the life of all of them together.
///
/// Holds and hands out only; nothing below mentions it. A request never leaves the worker that accepted it. Nothing
/// here is locked: what other threads want is put on the event loop first.
final class Worker {
    private struct WeakDownstream {
        weak var environment: DownstreamEnvironment?
    }

    let eventLoop: any EventLoop
    let deadlines: Deadlines
    let flushQueue: FlushQueue
    let upstream: UpstreamEnvironment
    let deliveries: DeliveryEnvironment
    let exchanges: ExchangeEnvironment
    let downstream: DownstreamEnvironment
    let recorder: ExchangeRecorder
    private let identification: IdentificationEnvironment
    private let keySetRefresh: KeySetRefresh
    private var isDraining = false
    /// The listening socket is open: callers may still come from its backlog.
    private var isListening = false
    private var onDrained: (@Sendable () -> Void)?

    init(
        eventLoop: any EventLoop, limits: GatewayLimits, targets: TargetDirectory,
        published: PublishedDocuments, logger: Logger, logWriter: LogWriter,
        logSettings: LogSettings, ledger: WorkerLedger, watch: ExchangeWatch, tracer: ExchangeTracer? = nil,
        turns: ProductTurns,
        descriptors: CallerDescriptors = CallerDescriptors(), memory: MemoryBudget = MemoryBudget(),
        suspects: SuspectAddresses = SuspectAddresses(),
        store: any KeyStore, keySettings: KeyedRequests.Settings,
        callers: CallerDirectory? = nil, audit: Audit? = nil, trusted: TrustedProxies? = nil,
        makeDial: @escaping (UpstreamPool) -> UpstreamDial = SocketDial.init(pool:),
        names: NameLookup = .system
    ) {
        let clock = LoopClock()
        let random = LoopRandom()
        let loopMemory = LoopMemory(budget: memory)
        let storage = MessageStorage(memory: loopMemory)
        let tlsScratch = TLSScratchBuffer()
        let bodyBuffers = BodyBuffers()
        self.eventLoop = eventLoop
        self.deadlines = Deadlines(eventLoop: eventLoop, clock: clock)
        self.flushQueue = FlushQueue(eventLoop: eventLoop)
        self.recorder = ExchangeRecorder(
            ledger: ledger,
            logLines: LogLines(writer: logWriter, settings: logSettings, clock: clock, flushQueue: self.flushQueue),
            watch: watch, tracer: tracer, random: random)
        self.upstream = UpstreamEnvironment(
            eventLoop: eventLoop, deadlines: self.deadlines, flushQueue: self.flushQueue, storage: storage,
            bodyBuffers: bodyBuffers, tlsScratch: tlsScratch, random: random, logger: logger, names: names,
            makeDial: makeDial, metrics: ledger.metrics, endpoints: targets.endpoints, limits: limits)
        self.deliveries = DeliveryEnvironment(
            upstream: self.upstream, turns: turns, metrics: ledger.metrics, targets: targets, limits: limits)
        self.deliveries.traces = tracer?.deliveries
        self.exchanges = ExchangeEnvironment(
            deadlines: self.deadlines, bodyBuffers: bodyBuffers, random: random, deliveries: self.deliveries,
            recorder: self.recorder,
            keyed: KeyedRequests(store: store, deliveries: self.deliveries, settings: keySettings, limits: limits),
            limits: limits, targets: targets, published: published)
        self.identification = IdentificationEnvironment(
            eventLoop: eventLoop, deadlines: self.deadlines, metrics: ledger.metrics.shard,
            fetch: { [upstream] in KeySetFetch(source: $0, environment: upstream).start() })
        self.keySetRefresh = KeySetRefresh(environment: self.upstream)
        self.downstream = DownstreamEnvironment(
            eventLoop: eventLoop, deadlines: self.deadlines, flushQueue: self.flushQueue, storage: storage,
            tlsScratch: tlsScratch, descriptors: descriptors, suspects: suspects, logger: logger,
            metrics: ledger.metrics.shard,
            limits: limits, makeRequest: { [exchanges] in Exchange(environment: exchanges, sink: $0, streamID: $1) })
        loopMemory.onFall = { [weak self] in self?.memoryHasFallen() }
        // The budget is everybody's and outlives this.
        let bound = NIOLoopBound(WeakDownstream(environment: self.downstream), eventLoop: eventLoop)
        memory.onShedding { eventLoop.execute { bound.value.environment?.shed() } }
        self.downstream.callers.onClose = { [unowned self] in self.finishIfDrained() }
        self.exchanges.underWay.onEnd = { [unowned self] in self.finishIfDrained() }
        self.replace(callers: callers, audit: audit, trusted: trusted, limits: limits)
    }

    /// Says who may ask, and where changes are recorded.
    private func replace(
        callers: CallerDirectory?, audit: Audit?, trusted: TrustedProxies?, limits: GatewayLimits
    ) {
        self.downstream.trusted = trusted
        self.exchanges.replace(
            identification: callers.map { CallerIdentification(directory: $0, environment: self.identification) },
            audit: audit.map {
                AuditTrail(
                    $0, clock: self.deadlines.clock,
                    limits: JSONLimits(bytesMax: limits.requestBodyBytesMax, depthMax: limits.jsonDepthMax))
            }, trusted: trusted)
    }

    /// Looks after the keys of issuers, on behalf of all workers.
    func refreshKeys(of callers: CallerDirectory?) {
        self.keySetRefresh.watch(callers?.keySets ?? [])
    }

    /// Puts a new configuration in force: for the exchanges and connections that begin from now on. What is under way
    /// goes on with what it began with.
    func replace(
        targets: TargetDirectory, published: PublishedDocuments, keySettings: KeyedRequests.Settings,
        limits: GatewayLimits,
        callers: CallerDirectory? = nil, audit: Audit? = nil, trusted: TrustedProxies? = nil
    ) {
        self.exchanges.keyed.replace(settings: keySettings, limits: limits)
        self.replace(callers: callers, audit: audit, trusted: trusted, limits: limits)
        self.exchanges.replace(targets: targets, published: published, limits: limits)
        self.downstream.limits = limits
        self.deliveries.replace(targets: targets, limits: limits)
        self.upstream.replace(endpoints: targets.endpoints, limits: limits)
    }

    /// Much has been given back: a second later, when the rest of it has gone as well, the system gets what it can get.
    private func memoryHasFallen() {
        self.eventLoop.scheduleTask(in: .seconds(1)) { FreedMemory.giveBack() }
    }

    // MARK: The end

    /// Ends gracefully: callers are told to go elsewhere, what is in flight is finished, then `completion` is called.
    ///
    /// - Parameter nanoseconds: when `cut` will be called.
    func drain(listener: any Channel, within nanoseconds: UInt64, completion: @escaping @Sendable () -> Void) {
        self.isDraining = true
        self.isListening = true
        self.onDrained = completion
        self.downstream.callers.drain(within: nanoseconds)
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
        let cut = self.exchanges.underWay.count
        self.downstream.callers.cut()
        self.exchanges.underWay.cutAbandoned()
        return cut
    }

    /// Ends at once.
    func close() {
        self.onDrained = nil
        self.downstream.callers.close()
        self.upstream.drain()
        self.deadlines.stop()
        self.flushQueue.flush()
    }

    private func finishIfDrained() {
        guard self.isDraining, !self.isListening, self.exchanges.underWay.count == 0,
            self.downstream.callers.isEmpty, let onDrained = self.onDrained
        else { return }
        self.onDrained = nil
        self.upstream.drain()
        // Not from within whatever brought this about: it may be in the middle of a session's events.
        self.eventLoop.execute(onDrained)
    }
}
