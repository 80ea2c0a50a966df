import GatewayJSON
import GatewayMetrics
import GatewayStore
import GatewayTranslation
import Logging
import NIOCore

/// What the requests with an idempotency key of one event loop share: the store, and what the configuration says.
///
/// Confined to its event loop.
final class KeyedRequests {
    struct Settings: Sendable {
        /// Operations that must have a key.
        var required: Set<ProductOperation> = []
        var retentionMilliseconds = 24 * 3600 * 1000
        /// How long the store may take before a request is refused; told at the wheel's next tick after that.
        var patienceNanoseconds: UInt64 = 50_000_000
    }

    let store: any KeyStore
    let eventLoop: any EventLoop
    let clock: LoopClock
    let deadlines: Deadlines
    let metrics: MetricShard
    let logger: Logger
    var random: LoopRandom
    private(set) var settings: Settings
    /// Nil where this OpenSSL has no SHA-256: then no key can be kept.
    private let fingerprints: RequestFingerprint?
    private var bodyLimits: JSONLimits

    /// Beyond the longest time that a request may take: what the store's answers and a busy machine take.
    static let leaseMarginNanoseconds: UInt64 = 5_000_000_000
    /// Nothing is sent that could end so shortly before the lease's end, because clocks and machines are not exact.
    static let leaseReserveNanoseconds: UInt64 = 1_000_000_000

    init(
        store: any KeyStore, deliveries: DeliveryEnvironment, settings: Settings, limits: GatewayLimits
    ) {
        self.store = store
        self.eventLoop = deliveries.eventLoop
        self.clock = deliveries.clock
        self.deadlines = deliveries.deadlines
        self.metrics = deliveries.metrics.shard
        self.logger = deliveries.logger
        self.random = deliveries.random
        self.settings = settings
        self.fingerprints = try? RequestFingerprint()
        self.bodyLimits = JSONLimits(bytesMax: limits.requestBodyBytesMax, depthMax: limits.jsonDepthMax)
    }

    /// Puts a new configuration in force, for the requests that begin from now on.
    func replace(settings: Settings, limits: GatewayLimits) {
        self.settings = settings
        self.bodyLimits = JSONLimits(bytesMax: limits.requestBodyBytesMax, depthMax: limits.jsonDepthMax)
    }

    var time: StoreTime {
        StoreTime(
            monotonicMilliseconds: Int(clamping: self.clock.now() / 1_000_000),
            epochMilliseconds: Int(clamping: WallClock.epochNanoseconds() / 1_000_000))
    }

    /// Why a request must not come in without a key; nil where it may.
    func refusal(of question: borrowing Question) -> Problem? {
        guard !self.settings.required.isEmpty, !question.isDryRun else { return nil }
        // The key of a stream is that of all its lines.
        if question.stream != nil {
            guard question.conditions.idempotencyKey == nil else { return nil }
            return .keyRequired(for: self.settings.required.contains(.create) ? .create : .update)
        }
        guard let operation = question.operation, self.settings.required.contains(operation),
            question.conditions.idempotencyKey == nil
        else { return nil }
        return .keyRequired(for: operation)
    }

    /// What a vendor is told instead of the caller's key.
    func vendorKey(of record: RecordName, target: String) -> String? {
        self.fingerprints?.vendorKey(of: record, target: target)
    }

    /// The request with its key; nil where it has none, or changes nothing. A failure where no record can be named.
    func request(
        _ question: borrowing Question, body: [UInt8], requestID: RequestID
    ) -> Result<KeyedRequest, Problem>? {
        guard case .key(let key) = question.conditions.idempotencyKey, let operation = question.operation,
            operation != .read, !question.isDryRun
        else { return nil }
        return self.request(question, operation, key: key, body: body, requestID: requestID)
    }

    /// A request with a key that its question does not name: one of the lines of a stream.
    func request(
        _ question: borrowing Question, _ operation: ProductOperation, key: [UInt8], body: [UInt8],
        requestID: RequestID,
        waitSeconds: Int? = nil
    ) -> Result<KeyedRequest, Problem> {
        guard let fingerprints = self.fingerprints,
            let name = fingerprints.name(of: key, scope: question.caller?.name ?? ""),
            let fingerprint = fingerprints.fingerprint(of: question, body: body, limits: self.bodyLimits)
        else { return .failure(.storeUnavailable(reason: "cannot name a record")) }
        let longest = question.targets.lazy.map(\.timeouts.totalNanoseconds).max() ?? 0
        let lease = longest &+ Self.leaseMarginNanoseconds
        let claim = KeyClaim(
            name: name, fingerprint: fingerprint, requestID: requestID.string, owner: self.random.next(),
            leaseMilliseconds: Int(clamping: lease / 1_000_000),
            retentionMilliseconds: self.settings.retentionMilliseconds, targets: question.targets.map(\.name),
            startsSending: operation == .update)
        return .success(
            KeyedRequest(
                claim, leaseNanoseconds: lease, waitSeconds: waitSeconds ?? question.preferences.waitSeconds ?? 0,
                room: self))
    }
}
