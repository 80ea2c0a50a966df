import GatewayMetrics
import GatewayStore
import GatewayTranslation
import Logging
import NIOCore
import NIOEmbedded

@testable import GatewayConfiguration
@testable import GatewayProxy

/// A worker on an event loop that only runs when a test says so. It opens no socket.
struct WorkerFixture {
    let loop = EmbeddedEventLoop()
    let worker: Worker

    static let second: UInt64 = 1_000_000_000

    /// - Parameters:
    ///   - vendor: answers every dial of the worker's pools; nil where nothing is dialled.
    ///   - names: what names are looked up with.
    init(
        targets: [Target] = [], vendor: FakeVendor? = nil, names: NameLookup = .system,
        change: (inout GatewayLimits) -> Void = { _ in }
    ) {
        self.worker = Self.makeWorker(
            on: self.loop, targets: targets, makeDial: vendor?.makeDial ?? SocketDial.init(pool:), names: names,
            change: change)
    }

    /// A worker on any event loop.
    static func makeWorker(
        on loop: any EventLoop, targets: [Target] = [],
        makeDial: @escaping (UpstreamPool) -> UpstreamDial = SocketDial.init(pool:), names: NameLookup = .system,
        change: (inout GatewayLimits) -> Void = { _ in }
    ) -> Worker {
        var limits = GatewayLimits(
            requestBodyBytesMax: 100_000, answerBytesMax: 100_000, streamsConcurrentMax: 100,
            fieldSectionBytesMax: 16 * 1024, fieldsMax: 100, pathBytesMax: 1_000, jsonDepthMax: 64,
            targetsMax: 4, connectionsMax: 10, connectionBytesMax: 1_000_000, abandonedExchangesMax: 10,
            handshakeTimeoutNanoseconds: 3_600 * Self.second, headerTimeoutNanoseconds: 3_600 * Self.second,
            idleTimeoutNanoseconds: 3_600 * Self.second,
            bodyTimeoutNanoseconds: 3_600 * Self.second, answerTimeoutNanoseconds: 3_600 * Self.second)
        change(&limits)
        let directory = TargetDirectory(targets: targets, defaultTarget: nil)
        let settings = LogSettings(LoggingConfiguration(level: .critical, format: .json))
        return Worker(
            eventLoop: loop, limits: limits, targets: directory,
            published: FixtureDocuments.published(for: directory, limits: limits),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            // A descriptor that takes nothing: what is logged is nobody's here.
            logWriter: LogWriter(settings: settings, descriptor: -1),
            logSettings: settings,
            ledger: WorkerLedger(metrics: MetricsRegistry(values: .gateway).makeWorker()), watch: ExchangeWatch(),
            turns: ProductTurns(), store: MemoryStore(bytesPerCaller: 1 << 20),
            keySettings: KeyedRequests.Settings(),
            makeDial: makeDial, names: names)
    }

    /// The connection of a caller that speaks HTTP/2, as the worker has it once that is known.
    func downstreamConnection() -> HTTP2CallerConnection {
        let connection = HTTP2CallerConnection(
            environment: self.worker.downstream,
            traffic: DownstreamTraffic(
                metrics: self.worker.downstream.metrics, startedAt: self.worker.upstream.clock.now(), isTLS: false),
            speaksBy: self.worker.upstream.clock.now() + self.worker.exchanges.limits.handshakeTimeoutNanoseconds)
        self.worker.downstream.connectionOpened(connection)
        return connection
    }

    static func endpoint(
        host: String = "vendor.test", streamsMax: Int = 100, connectionsMax: Int = 1, http1ConnectionsMax: Int = 1,
        queueMax: Int = 10, versions: [UpstreamVersion] = [.http2, .http1], addressLifetime: UInt64 = 3_600 * second
    ) -> UpstreamEndpoint {
        UpstreamEndpoint(
            host: host, port: 8_080, tls: nil, versions: versions, connectTimeoutNanoseconds: 3_600 * self.second,
            idleTimeoutNanoseconds: 3_600 * self.second, pingIntervalNanoseconds: 3_600 * self.second,
            addressLifetimeNanoseconds: addressLifetime,
            connectionsMax: connectionsMax, http1ConnectionsMax: http1ConnectionsMax, streamsMax: streamsMax,
            queueMax: queueMax, queueTimeoutNanoseconds: 3_600 * self.second)
    }

    /// A target that exists for dry runs: nobody is at its address.
    static func target(
        _ name: String = "catalogue", plan: TargetPlan? = nil,
        credentials: GatewayProxy.Credentials = .fixed(authorization: Array("Bearer s3cret".utf8))
    ) throws -> Target {
        Target(
            name: name, index: 0,
            plan: try plan ?? FixtureDocuments.cataloguePlan(for: name),
            endpoint: self.endpoint(), baseURL: "http://vendor.test:8080", basePath: [],
            credentials: credentials,
            timeouts: Target.Timeouts(
                attemptNanoseconds: self.second, totalNanoseconds: self.second),
            retryPolicy: RetryPolicy(attemptsMax: 1, pauseNanoseconds: 0, pauseNanosecondsMax: 0))
    }
}
