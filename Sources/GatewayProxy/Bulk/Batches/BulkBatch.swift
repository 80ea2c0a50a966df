import GatewayTranslation

/// Lines of one stream that go to one target in one request.
///
/// One delivery carries them: its attempts, its place at the gate, its retries and its deadline are those of one
/// request. Each line has a delivery of its own beside it, which is told what the answer says of that line, and is
/// judged, recorded and counted as one that was sent by itself. Kept alive by its parts until it has its result.
/// Confined to its event loop.
final class BulkBatch: DeliveryDelegate {
    let stream: BulkStream
    let lane: BulkLane
    let operation: ProductOperation
    let requestID: RequestID
    /// In the order of the items.
    private(set) var parts: [BulkPart] = []
    private(set) var items: [VendorRequest] = []
    private(set) var itemBytes = 0
    private(set) var startedAt: UInt64 = 0
    private(set) var request: VendorRequest?
    /// What carries it, from when it is sent until it has its result.
    private(set) var carrier: Delivery?
    /// For each item, where the answer tells them apart.
    private(set) var answers: [VendorAnswer?]?
    private(set) var secret: SecretMask?

    init(of operation: ProductOperation, to lane: BulkLane, in stream: BulkStream, requestID: RequestID) {
        self.operation = operation
        self.lane = lane
        self.stream = stream
        self.requestID = requestID
    }

    /// Whether another item of that size, about that product, can go with the others: never two lines of one product,
    /// also where they name it in different ways.
    func takes(_ item: VendorRequest, _ plan: BatchPlan) -> Bool {
        guard self.items.isEmpty || self.itemBytes + item.body.count <= plan.bytesMax else { return false }
        return item.id == nil || !self.items.contains { $0.id == item.id }
    }

    /// - Parameter item: as the part's delivery has written it.
    func append(_ part: BulkPart, _ item: VendorRequest) {
        self.parts.append(part)
        self.items.append(item)
        self.itemBytes += item.body.count
    }

    /// - Parameter order: for all lines.
    func send(_ order: DeliveryOrder, environment: DeliveryEnvironment) {
        guard let request = self.lane.target.plan.batch(self.items, of: self.operation) else { return }
        self.request = request
        self.startedAt = environment.clock.now()
        self.lane.batchPace.started()
        var order = order
        if let record = self.stream.record { order.permit = BatchPermit(of: self.parts, record) }
        let carrier = Delivery(order, to: self.lane.target, environment: environment, delegate: self)
        self.carrier = carrier
        for part in self.parts { part.batch = self }
        carrier.carry(request)
    }

    func traceForAttempt() -> SentTrace { self.stream.traceForAttempt() }

    func takeApart(_ answer: VendorAnswer, secret: SecretMask?, of delivery: Delivery) -> Problem? {
        guard let request = self.request else { return .unfinished(target: delivery.target.name) }
        let environment = delivery.environment
        let folded = environment.translator.takeApart(
            answer, to: request, of: self.items, operation: self.operation,
            for: self.lane.target.plan, secret: secret, nowEpochSeconds: environment.clock.epochSeconds)
        switch folded {
        case .items(let answers):
            self.answers = answers
            self.secret = secret
            return nil
        case .problem(let problem):
            return problem
        }
    }

    func deliveryFinished(_ delivery: Delivery) {
        self.carrier = nil
        self.stream.ended(self, delivery)
    }
}
