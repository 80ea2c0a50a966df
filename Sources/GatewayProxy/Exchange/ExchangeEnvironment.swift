/// What the exchanges of one event loop share: the configuration in force, time, storage, and where their deliveries
/// and records go.
///
/// Confined to its event loop.
final class ExchangeEnvironment {
    let clock: LoopClock
    let deadlines: Deadlines
    let bodyBuffers: BodyBuffers
    var random: LoopRandom
    let deliveries: DeliveryEnvironment
    let recorder: ExchangeRecorder
    let underWay = ExchangesUnderWay()
    private(set) var limits: GatewayLimits
    private(set) var targets: TargetDirectory
    private(set) var published: PublishedDocuments

    init(
        deadlines: Deadlines, bodyBuffers: BodyBuffers, random: LoopRandom, deliveries: DeliveryEnvironment,
        recorder: ExchangeRecorder, limits: GatewayLimits, targets: TargetDirectory, published: PublishedDocuments
    ) {
        self.clock = deadlines.clock
        self.deadlines = deadlines
        self.bodyBuffers = bodyBuffers
        self.random = random
        self.deliveries = deliveries
        self.recorder = recorder
        self.limits = limits
        self.targets = targets
        self.published = published
    }

    /// Puts a new configuration in force, for the exchanges that begin from now on.
    func replace(targets: TargetDirectory, published: PublishedDocuments, limits: GatewayLimits) {
        self.targets = targets
        self.published = published
        self.limits = limits
    }
}
