import GatewayDocuments
import GatewayTranslation

/// What a caller wants done at each of its targets, and how it wants to be told.
struct DeliveryOrder {
    let operation: ProductOperation
    /// The product's id from the path, percent-decoded; nil for a create.
    let productID: [UInt8]?
    let requestID: RequestID
    /// The caller's connection.
    let connection: ObjectIdentifier
    /// How long the caller waits for an answer; nil where it does not say.
    var waitNanoseconds: UInt64?
    /// Nil: as the target is configured.
    let handling: Handling?
    let isDryRun: Bool
    /// What the product's version must be, where the caller says so.
    let ifMatch: ((String) -> Bool)?
    /// Whether other targets get the same order.
    let isForSeveral: Bool
    /// Whether one target is answered for, with all that it has to say. Several results, and one that is to be short,
    /// need the canonical form.
    let isForOneWholeAnswer: Bool
    /// Whether the product as the vendor has it afterwards is to be told.
    var wantsProduct = true
    /// The caller; nil where it need not identify itself.
    var caller: Caller?
    /// Asked for permission before a request that may change something is sent; nil where none is needed.
    var permit: (any SendingPermit)?
    /// Whether it is of a stream of many: then its caller's other requests go first.
    var isOfStream = false

    /// Whose turn it takes where attempts have to wait: the caller's, where it is known by name. What a caller streams
    /// has a row of its own, beside that of its single requests.
    var owner: QueueOwner {
        guard let caller = self.caller else { return QueueOwner(self.connection, givesWay: self.isOfStream) }
        return QueueOwner(ObjectIdentifier(caller), givesWay: self.isOfStream || caller.priority == .batch)
    }

    /// The field that tells a target who asks; nil where it is not told, or nobody is known.
    func actor(_ target: Target) -> (name: String, value: String)? {
        guard let actor = target.actor, let caller = self.caller else { return nil }
        return (actor.name, String(actor.value.replacing("{caller}", with: caller.name)))
    }

    /// What the caller may set at a target; nil for everything.
    func access(_ target: Target) -> FieldAccess? {
        self.caller?.access?.fields(self.operation, isDryRun: self.isDryRun, at: target.name)
    }
}

/// Whoever has given the order.
protocol DeliveryDelegate: AnyObject {
    /// The trace for one more attempt.
    func traceForAttempt() -> SentTrace
    /// The delivery has its result. Told exactly once after `send`.
    func deliveryFinished(_ delivery: Delivery)
    /// A delivery that carries the changes of several lines has its answer.
    ///
    /// - Returns: why the answer says nothing of any of them; nil where it does.
    func takeApart(_ answer: VendorAnswer, secret: SecretMask?, of delivery: Delivery) -> Problem?
}

extension DeliveryDelegate {
    /// Its deliveries carry one change each.
    func takeApart(_ answer: VendorAnswer, secret: SecretMask?, of delivery: Delivery) -> Problem? {
        .unfinished(target: delivery.target.name)
    }
}
