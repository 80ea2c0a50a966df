@testable import GatewayConfiguration
import GatewayMetrics
@testable import GatewayProxy
import GatewayTranslation
import Logging
import NIOCore
import NIOEmbedded

/// A worker on an event loop that only runs when a test says so. It opens no socket.
struct WorkerFixture {
    let loop = EmbeddedEventLoop()
    let worker: Worker

    static let second: UInt64 = 1_000_000_000

    init(targets: [Target] = [], change: (inout WorkerLimits) -> Void = { _ in }) {
        var limits = WorkerLimits(
            requestBodyBytesMax: 100_000, answerBytesMax: 100_000, streamsConcurrentMax: 100,
            fieldSectionBytesMax: 16 * 1024, fieldsMax: 100, pathBytesMax: 1_000, jsonDepthMax: 64,
            targetsMax: 4, connectionsMax: 10, connectionBytesMax: 1_000_000, abandonedExchangesMax: 10,
            handshakeTimeoutNanoseconds: 3_600 * Self.second, headerTimeoutNanoseconds: 3_600 * Self.second,
            idleTimeoutNanoseconds: 3_600 * Self.second,
            bodyTimeoutNanoseconds: 3_600 * Self.second, answerTimeoutNanoseconds: 3_600 * Self.second)
        change(&limits)
        let directory = TargetDirectory(targets: targets, defaultTarget: nil)
        let settings = LogSettings(LoggingConfiguration(level: .critical, format: .json))
        self.worker = Worker(
            eventLoop: self.loop, index: 0, limits: limits, targets: directory,
            published: PublishedDocuments(targets: directory),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            // A descriptor that takes nothing: what is logged is nobody's here.
            logWriter: LogWriter(settings: settings, descriptor: -1),
            logSettings: settings,
            ledger: WorkerLedger(metrics: MetricsRegistry(values: .gateway).makeWorker()))
    }

    /// The connection of a caller that speaks HTTP/2, as the worker has it once that is known.
    func downstreamConnection() -> DownstreamConnection {
        let connection = DownstreamConnection(
            worker: self.worker,
            traffic: DownstreamTraffic(
                metrics: self.worker.ledger.shard, startedAt: self.worker.now(), isTLS: false),
            speaksBy: self.worker.now() + self.worker.limits.handshakeTimeoutNanoseconds)
        self.worker.connectionOpened(connection)
        return connection
    }

    static func endpoint(streamsMax: Int = 100) -> UpstreamEndpoint {
        UpstreamEndpoint(
            host: "vendor.test", port: 8_080, tls: nil, connectTimeoutNanoseconds: 3_600 * self.second,
            idleTimeoutNanoseconds: 3_600 * self.second, pingIntervalNanoseconds: 3_600 * self.second,
            connectionsMax: 1, streamsMax: streamsMax,
            queueMax: 10, queueTimeoutNanoseconds: 3_600 * self.second)
    }

    /// A target that exists for dry runs: nobody is at its address.
    static func target(_ name: String = "catalogue") throws -> Target {
        Target(
            name: name, index: 0, plan: try TargetPlan(targetName: name, dialect: Dialect(named: "catalogue")),
            endpoint: self.endpoint(), baseURL: "http://vendor.test:8080", basePath: [],
            credentials: .bearer(authorization: Array("Bearer s3cret".utf8)),
            timeouts: Target.Timeouts(
                attemptNanoseconds: self.second, totalNanoseconds: self.second),
            retryPolicy: RetryPolicy(attemptsMax: 1, pauseNanoseconds: 0, pauseNanosecondsMax: 0))
    }
}
