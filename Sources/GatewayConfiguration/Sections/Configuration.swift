/// Everything that `gateway.json` says, checked and complete: every default is filled in, every
/// relative path is resolved, every secret is read.
///
/// A plain value: it opens nothing and watches nothing. `Configuration.load` makes it.
package struct Configuration: Sendable {
    /// Where callers connect.
    package var listener: ListenerConfiguration
    /// Where operators, Prometheus and Kubernetes connect.
    package var admin: AdminConfiguration
    package var workers: WorkerCount
    /// How many gateways write to the same vendors, this one included.
    package var instances: Int
    /// The target of a request that names none; always a key of `targets`.
    package var defaultTarget: String?
    package var limits: LimitsConfiguration
    /// How long a stopping gateway lets running exchanges finish.
    package var drainTimeout: Duration
    /// How often the files that the configuration was made from are looked at; zero: never.
    package var watchInterval: Duration
    package var logging: LoggingConfiguration
    /// Where the gateway keeps what must outlive a request.
    package var store: StoreConfiguration
    /// What is kept of requests that carry an `Idempotency-Key`.
    package var idempotency: IdempotencyConfiguration
    /// Where spans are sent, and of which traces.
    package var tracing: TracingConfiguration
    /// By target name.
    package var targets: [String: TargetConfiguration]
    /// Who may ask, by name. Empty: whoever reaches the listener may do everything.
    package var callers: [String: CallerConfiguration]
    package var anonymous: AnonymousCallers
    /// Who signs tokens of callers, by name.
    package var issuers: [String: IssuerConfiguration]
    /// Nil: changes are recorded in the log only.
    package var audit: AuditConfiguration?
    /// The operator's own dialects, by name. Built-in ones are not among them.
    package var dialects: [String: DialectSource]

    /// Every key with the value in force, for people: `check --print effective` and the status page.
    /// A secret appears as the place it is read from, never as its value.
    package internal(set) var inForce: RenderedValue
}
