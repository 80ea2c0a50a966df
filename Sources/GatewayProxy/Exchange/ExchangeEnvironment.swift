import NIOCore

/// What the exchanges of one event loop share: the configuration in force, time, storage, and where their deliveries
/// and records go.
///
/// Confined to its event loop.
final class ExchangeEnvironment {
    let eventLoop: any EventLoop
    let clock: LoopClock
    let deadlines: Deadlines
    let bodyBuffers: BodyBuffers
    var random: LoopRandom
    let deliveries: DeliveryEnvironment
    let recorder: ExchangeRecorder
    let keyed: KeyedRequests
    let streams: BulkEnvironment
    let underWay = ExchangesUnderWay()
    private(set) var admission: Admission
    /// Nil where callers need not identify themselves.
    private(set) var identification: CallerIdentification?
    /// Nil where changes are recorded in the log only.
    private(set) var audit: AuditTrail?
    /// Nil where nobody is believed what it says of others.
    private(set) var trusted: TrustedProxies?
    private(set) var limits: GatewayLimits
    private(set) var targets: TargetDirectory
    private(set) var published: PublishedDocuments

    var memory: LoopMemory { self.deliveries.upstream.memory }

    init(
        deadlines: Deadlines, bodyBuffers: BodyBuffers, random: LoopRandom, deliveries: DeliveryEnvironment,
        recorder: ExchangeRecorder, keyed: KeyedRequests, admission: Admission = .open, limits: GatewayLimits,
        targets: TargetDirectory, published: PublishedDocuments
    ) {
        self.eventLoop = deliveries.eventLoop
        self.clock = deadlines.clock
        self.admission = admission
        self.deadlines = deadlines
        self.bodyBuffers = bodyBuffers
        self.random = random
        self.deliveries = deliveries
        self.recorder = recorder
        self.keyed = keyed
        self.streams = BulkEnvironment(deliveries: deliveries, recorder: recorder, keyed: keyed)
        self.limits = limits
        self.targets = targets
        self.published = published
    }

    /// Says who may ask, and where changes are recorded, for the exchanges that begin from now on.
    func replace(identification: CallerIdentification?, audit: AuditTrail?, trusted: TrustedProxies?) {
        self.trusted = trusted
        self.identification = identification
        self.audit = audit
    }

    /// Puts a new configuration in force, for the exchanges that begin from now on.
    func replace(
        admission: Admission = .open, targets: TargetDirectory, published: PublishedDocuments, limits: GatewayLimits
    ) {
        self.admission = admission
        self.targets = targets
        self.published = published
        self.limits = limits
    }
}
