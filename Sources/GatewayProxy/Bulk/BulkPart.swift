import GatewayTranslation

/// One line's part at one target: a delivery, as for a single update, or several where it was postponed.
///
/// Confined to its event loop.
final class BulkPart: DeliveryDelegate {
    let line: BulkLine
    let lane: BulkLane
    /// Kept alive by its parts, also where its caller has gone; it lets go of each with its result.
    private let stream: BulkStream
    private var delivery: Delivery?
    /// Its place among those of its lane that are under way.
    var place = 0
    /// The caller's limits have been asked for it; they are not asked again where it is postponed.
    var isCounted = false

    init(line: BulkLine, lane: BulkLane, stream: BulkStream) {
        self.line = line
        self.lane = lane
        self.stream = stream
    }

    func send(_ order: DeliveryOrder, environment: DeliveryEnvironment) {
        let delivery = Delivery(order, to: self.lane.target, environment: environment, delegate: self)
        self.delivery = delivery
        delivery.translate(self.line.product)
        delivery.send()
    }

    func traceForAttempt() -> SentTrace { self.stream.traceForAttempt() }

    func deliveryFinished(_ delivery: Delivery) {
        self.delivery = nil
        self.stream.finished(self, delivery)
    }

    /// The caller has gone: what is not on its way need not be sent.
    func abandonIfNotSent() { self.delivery?.abandonIfNotSent() }

    /// The gateway's time to stop is over.
    func cut() { self.delivery?.cut() }
}
