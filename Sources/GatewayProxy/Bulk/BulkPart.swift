import GatewayTranslation

/// One line's part at one target: a delivery, as for a single update, or several where it was postponed.
///
/// Confined to its event loop.
final class BulkPart: DeliveryDelegate {
    let line: BulkLine
    let lane: BulkLane
    /// Kept alive by its parts, also where its caller has gone; it lets go of each with its result.
    let stream: BulkStream
    var delivery: Delivery?
    /// Where the line has a key of its own, while it is under way; and until it is known what to do.
    var keyed: KeyedRequest?
    var isClaiming = false
    /// Its place among those of its lane that are under way.
    var place = 0
    /// The caller's limits have been asked for it; they are not asked again where it is postponed.
    var isCounted = false
    /// It waits to be sent again.
    var isPostponed = false
    /// When the vendor failed it first.
    var troubledSince: UInt64?
    /// It was sent before, by this stream or an earlier one with the same key, and was not answered.
    var mayHaveActed = false
    /// What is known of the line says that it may have been sent; and the store has that.
    var isBegun = false
    var isBegunKept = false
    /// The request that it is in with other lines, until that has its result.
    var batch: BulkBatch?
    /// It was in one with others; and the answer said nothing of it.
    var wasCarried = false
    var isUntold = false
    /// It must be sent by itself.
    var goesAlone = false
    /// For the audit, from when it is sent until it has its result.
    var change: AuditedChange?

    init(line: BulkLine, lane: BulkLane, stream: BulkStream) {
        self.line = line
        self.lane = lane
        self.stream = stream
    }

    func send(_ order: DeliveryOrder, environment: DeliveryEnvironment) {
        if let key = self.line.key, !order.isDryRun { return self.send(order, by: key, environment: environment) }
        var order = order
        if let record = self.stream.record, !order.isDryRun { order.permit = LinePermit(of: self, record) }
        let delivery = Delivery(order, to: self.lane.target, environment: environment, delegate: self)
        self.delivery = delivery
        if self.mayHaveActed, !self.isRepeatable {
            let target = self.lane.target
            let earlier = self.stream.record?.earlierRequestID ?? ""
            if target.plan.canFind {
                delivery.translate(self.line.product)
                delivery.looksUpEarlierCreate { isLookedUp in
                    .lineUnknown(target: target.name, earlier: earlier, isLookedUp: isLookedUp)
                }
            } else {
                delivery.refuse(.lineUnknown(target: target.name, earlier: earlier, isLookedUp: false))
            }
        } else {
            if self.mayHaveActed { delivery.repeatsUnknownAttempt() }
            delivery.translate(self.line.product)
        }
        delivery.send()
    }

    func traceForAttempt() -> SentTrace { self.stream.traceForAttempt() }

    func deliveryFinished(_ delivery: Delivery) {
        self.delivery = nil
        if let keyed = self.keyed {
            self.settle(delivery, in: keyed)
        } else {
            self.stream.finished(self, delivery)
        }
    }

    /// Whether to send it twice is like once: absolute values, or a key that the vendor takes.
    var isRepeatable: Bool {
        self.line.operation != .create
            || ((self.stream.record != nil || self.line.key != nil)
                && self.lane.target.plan.takesKey(.create))
    }

    /// The caller has gone: what is not on its way need not be sent.
    func abandonIfNotSent() {
        if self.isClaiming { return self.giveUpClaim() }
        if let carrier = self.batch?.carrier { return carrier.abandonIfNotSent() }
        self.delivery?.abandonIfNotSent()
    }

    /// The gateway's time to stop is over.
    func cut() {
        if self.isClaiming { return self.giveUpClaim() }
        if let carrier = self.batch?.carrier { return carrier.cut() }
        self.delivery?.cut()
    }
}
