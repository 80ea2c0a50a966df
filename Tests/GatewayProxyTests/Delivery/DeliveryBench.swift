import GatewayTranslation
import NIOCore
import Testing

@testable import GatewayProxy

/// Whoever gave the order, and hears how often it was told.
final class DeliveryOrderer: DeliveryDelegate {
    private(set) var finishedCount = 0
    func traceForAttempt() -> SentTrace {
        var random = SeededGenerator(seed: 1)
        return SentTrace(TraceContext(from: &random), from: &random)
    }
    func deliveryFinished(_: Delivery) { self.finishedCount += 1 }
}

/// One delivery, its vendor in the test's hand.
struct DeliveryBench {
    let vendor = FakeVendor()
    let fixture: WorkerFixture
    let target: Target
    let orderer = DeliveryOrderer()
    let delivery: Delivery

    /// What the vendor has after the update.
    static let product = #"{"id":"p-1","name":"x"}"#

    init(
        _ operation: ProductOperation = .update, attemptsMax: Int = 3, credentials: Credentials = .none,
        replaces: Bool = false, totalSeconds: UInt64 = 3_600, ifMatch: ((String) -> Bool)? = nil,
        dialect: Dialect? = nil, health: TargetHealth = TargetHealth(), waitSeconds: UInt64? = nil
    ) throws {
        var options = TargetOptions()
        options.updateSemantics = replaces ? .replace : .partial
        if dialect?.name == "cor" { options.parameters = ["source": "SAP"] }
        self.target = Target(
            name: "catalogue", index: 0,
            plan: try TargetPlan(
                targetName: "catalogue", dialect: dialect ?? Dialect(named: "catalogue"), options: options),
            endpoint: WorkerFixture.endpoint(), baseURL: "http://vendor.test:8080", basePath: [],
            credentials: credentials,
            timeouts: Target.Timeouts(
                attemptNanoseconds: 3_600 * WorkerFixture.second,
                totalNanoseconds: totalSeconds * WorkerFixture.second),
            retryPolicy: RetryPolicy(
                attemptsMax: attemptsMax, pauseNanoseconds: 10 * WorkerFixture.second,
                pauseNanosecondsMax: 10 * WorkerFixture.second), health: health)
        self.fixture = WorkerFixture(targets: [self.target], vendor: self.vendor)
        self.delivery = Delivery(
            DeliveryOrder(
                operation: operation, productID: operation == .update ? Array("p-1".utf8) : nil,
                requestID: .none, connection: ObjectIdentifier(self.orderer),
                waitNanoseconds: waitSeconds.map { $0 * WorkerFixture.second }, handling: nil, isDryRun: false,
                ifMatch: ifMatch, isForSeveral: false, isForOneWholeAnswer: true),
            to: self.target, environment: self.fixture.worker.deliveries, delegate: self.orderer)
        self.delivery.translate(Array(#"{"name":"x"}"#.utf8))
        self.delivery.send()
    }

    /// A connection to whatever was dialled first.
    func accept() throws -> FakeVendor.Connection { try #require(self.vendor.accept()) }

    /// The pause before a retry is over.
    func resume() {
        self.fixture.worker.deadlines.cancel(self.delivery)
        self.delivery.deadlineReached()
    }

    var problem: Problem? {
        if case .problem(let problem)? = self.delivery.result { problem } else { nil }
    }
    var isDone: Bool { self.delivery.resultKind != .none }
    var isProduct: Bool { self.delivery.resultKind == .success }
}
