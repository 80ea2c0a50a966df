import GatewayJSON
import GatewayMetrics
import GatewayTLS
import Logging
import NIOCore

/// What the connections to vendors of one event loop share: time, storage, counts, and the pools themselves.
///
/// Knows vendors' addresses and no products. Confined to its event loop.
final class UpstreamEnvironment {
    let eventLoop: any EventLoop
    let clock: LoopClock
    let deadlines: Deadlines
    let flushQueue: FlushQueue
    let storage: MessageStorage
    let bodyBuffers: BodyBuffers
    let tlsScratch: TLSScratchBuffer
    var random: LoopRandom
    let logger: Logger
    let names: NameLookup
    let largeAnswers: LargeAnswers
    /// How pools come by connections.
    let makeDial: (UpstreamPool) -> UpstreamDial
    /// Bytes of one answer.
    private(set) var answerBytesMax: Int

    private let metrics: WorkerMetrics
    private var endpoints: EndpointsInForce
    private var pools: [ObjectIdentifier: UpstreamPool] = [:]

    init(
        eventLoop: any EventLoop, deadlines: Deadlines, flushQueue: FlushQueue, storage: MessageStorage,
        bodyBuffers: BodyBuffers, tlsScratch: TLSScratchBuffer, random: LoopRandom, logger: Logger,
        names: NameLookup, makeDial: @escaping (UpstreamPool) -> UpstreamDial,
        metrics: WorkerMetrics, endpoints: EndpointsInForce, limits: GatewayLimits
    ) {
        self.eventLoop = eventLoop
        self.clock = deadlines.clock
        self.deadlines = deadlines
        self.flushQueue = flushQueue
        self.storage = storage
        self.bodyBuffers = bodyBuffers
        self.tlsScratch = tlsScratch
        self.random = random
        self.logger = logger
        self.names = names
        self.largeAnswers = LargeAnswers(eventLoop: eventLoop, limits: JSONLimits(limits))
        self.makeDial = makeDial
        self.metrics = metrics
        self.endpoints = endpoints
        self.answerBytesMax = limits.answerBytesMax
    }

    var memory: LoopMemory { self.storage.memory }

    /// The target whose connections those to `endpoint` are.
    func targetName(at endpoint: UpstreamEndpoint) -> String { self.endpoints.targetName(at: endpoint) }

    /// Whose endpoint it is and where, for the log.
    func description(of endpoint: UpstreamEndpoint) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["host": "\(endpoint.host)", "port": .stringConvertible(endpoint.port)]
        if case .issuer(let name) = endpoint.role {
            metadata["issuer"] = "\(name)"
        } else {
            metadata["target"] = "\(self.targetName(at: endpoint))"
        }
        return metadata
    }

    /// The numbers of that target.
    func metrics(at endpoint: UpstreamEndpoint) -> MetricShard {
        self.metrics.target(self.targetName(at: endpoint))
    }

    /// The target that `client` asks the vendor for tokens for.
    func targetName(ofClient client: AnyObject) -> String { self.endpoints.targetName(ofClient: client) }

    /// The numbers of that target.
    func metrics(ofClient client: AnyObject) -> MetricShard {
        self.metrics.target(self.targetName(ofClient: client))
    }

    func pool(for endpoint: UpstreamEndpoint) -> UpstreamPool {
        let key = ObjectIdentifier(endpoint)
        if let pool = self.pools[key] { return pool }
        let pool = UpstreamPool(endpoint: endpoint, environment: self)
        if self.endpoints.contains(endpoint) {
            self.pools[key] = pool
        } else {
            // Of a configuration that is not in force any more: it lives as long as what is under way on it.
            pool.drain()
        }
        return pool
    }

    /// Puts other endpoints in force, for the attempts that begin from now on.
    ///
    /// Pools of endpoints that stay go on with their connections; others are drained. One that would be counted under
    /// another target's name from now on is made anew, so that no target has numbers of another.
    func replace(endpoints: EndpointsInForce, limits: GatewayLimits) {
        let former = self.endpoints
        self.endpoints = endpoints
        self.answerBytesMax = limits.answerBytesMax
        self.largeAnswers.limits = JSONLimits(limits)
        for (key, pool) in self.pools where !endpoints.hasSameName(for: pool.endpoint, as: former) {
            self.pools[key] = nil
            pool.drain()
        }
    }

    /// Every connection ends when what is under way on it is over.
    func drain() {
        let pools = self.pools
        self.pools.removeAll()
        for pool in pools.values { pool.drain() }
    }
}

/// The endpoints of the configuration in force, the clients that get tokens at some of them, and whose they are.
struct EndpointsInForce: Sendable {
    private var names: [ObjectIdentifier: String] = [:]
    /// Connections that one event loop may have to all of them.
    private(set) var connectionsMax = 0

    /// Says that `target` is reached at `endpoint`, or gets its tokens there. The first that says so counts.
    mutating func add(_ endpoint: UpstreamEndpoint, of target: String) {
        let key = ObjectIdentifier(endpoint)
        guard self.names[key] == nil else { return }
        self.names[key] = target
        self.connectionsMax += endpoint.socketsMax
    }

    /// Says that `client` gets the tokens of `target`. Several clients may share an endpoint.
    mutating func add(client: AnyObject, of target: String) {
        let key = ObjectIdentifier(client)
        if self.names[key] == nil { self.names[key] = target }
    }

    /// `other` for a client that a reload has taken out of use.
    func targetName(ofClient client: AnyObject) -> String { self.names[ObjectIdentifier(client)] ?? "other" }

    /// Whether the endpoint is in force here and there, and counted under the same name.
    func hasSameName(for endpoint: UpstreamEndpoint, as other: EndpointsInForce) -> Bool {
        let name = self.names[ObjectIdentifier(endpoint)]
        return name != nil && name == other.names[ObjectIdentifier(endpoint)]
    }

    func contains(_ endpoint: UpstreamEndpoint) -> Bool { self.names[ObjectIdentifier(endpoint)] != nil }

    /// `other` for an endpoint that a reload has taken out of use.
    func targetName(at endpoint: UpstreamEndpoint) -> String { self.names[ObjectIdentifier(endpoint)] ?? "other" }
}
