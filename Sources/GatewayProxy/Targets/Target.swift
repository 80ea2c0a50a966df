import GatewayTranslation

/// A vendor system as configured, ready for use. Immutable; each worker has its own (`TargetDirectory.copies`), and a
/// reload makes new ones.
final class Target: Sendable {
    struct Timeouts: Sendable {
        var attemptNanoseconds: UInt64
        var totalNanoseconds: UInt64
    }

    let name: String
    /// Its place among the targets of its configuration, for tables by target.
    let index: Int
    let plan: TargetPlan
    let endpoint: UpstreamEndpoint
    /// The base URL, without a slash at its end, for a dry run.
    let baseURL: String
    /// The base URL's path, without a slash at its end.
    let basePath: [UInt8]
    let credentials: Credentials
    let timeouts: Timeouts
    let retryPolicy: RetryPolicy
    /// How it is, as far as all workers know.
    let health: TargetHealth
    /// Whether the vendor is told of the trace that a request belongs to.
    let sendsTraceContext: Bool
    /// Whether callers are answered in the vendor's own words.
    let answersInVendorWords: Bool
    /// The field that tells the vendor which caller asks, with `{caller}` in its value; nil where it is not told.
    let actor: (name: String, value: String)?

    init(
        name: String, index: Int, plan: TargetPlan, endpoint: UpstreamEndpoint, baseURL: String,
        basePath: [UInt8], credentials: Credentials, timeouts: Timeouts, retryPolicy: RetryPolicy,
        health: TargetHealth = TargetHealth(), sendsTraceContext: Bool = false,
        answersInVendorWords: Bool = false,
        actor: (name: String, value: String)? = nil
    ) {
        self.name = name
        self.index = index
        self.plan = plan
        self.endpoint = endpoint
        self.baseURL = baseURL
        self.basePath = basePath
        self.credentials = credentials
        self.timeouts = timeouts
        self.retryPolicy = retryPolicy
        self.health = health
        self.sendsTraceContext = sendsTraceContext
        self.answersInVendorWords = answersInVendorWords
        self.actor = actor
    }

    /// The same target for another event loop, with a plan of its own; how the vendor is reached and how it is stay
    /// shared.
    init(_ target: Target, plan: TargetPlan) {
        self.name = target.name
        self.index = target.index
        self.plan = plan
        self.endpoint = target.endpoint
        self.baseURL = target.baseURL
        self.basePath = target.basePath.withUnsafeBufferPointer { Array($0) }
        self.credentials = target.credentials
        self.timeouts = target.timeouts
        self.retryPolicy = target.retryPolicy
        self.health = target.health
        self.sendsTraceContext = target.sendsTraceContext
        self.answersInVendorWords = target.answersInVendorWords
        self.actor = target.actor
    }
}
