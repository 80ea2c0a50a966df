import GatewayTranslation
import NIOCore
import NIOEmbedded

@testable import GatewayProxy

/// Deliveries to a model of a vendor, in simulated time: what callers are told is compared with what was done.
final class DeliverySimulation: DeliveryDelegate {
    /// One change, and what its caller was told.
    final class Call {
        let name: String
        let isCreate: Bool
        let delivery: Delivery

        init(name: String, isCreate: Bool, delivery: Delivery) {
            self.name = name
            self.isCreate = isCreate
            self.delivery = delivery
        }

        var problem: Problem? {
            if case .problem(let problem)? = self.delivery.result { problem } else { nil }
        }
    }

    private static let step = DeadlineWheel.nanosecondsPerTick

    let loop = EmbeddedEventLoop()
    let target: Target
    private(set) var vendor: ModelVendor!
    private var worker: Worker!
    private(set) var calls: [Call] = []
    private var now: UInt64
    /// What happens in which step.
    private var agenda: [UInt64: [() -> Void]] = [:]
    private var count = 0
    private var random: SeededGenerator

    init(
        _ style: ModelVendor.Style, dialect: Dialect, options: TargetOptions = TargetOptions(), seed: UInt64,
        share: Int, settings: HealthSettings = HealthSettings(), attempts: Int = 3
    ) throws {
        let second = WorkerFixture.second
        self.random = SeededGenerator(seed: seed &+ 1)
        self.now = NIODeadline.now().uptimeNanoseconds
        self.target = Target(
            name: style.name, index: 0,
            plan: try TargetPlan(targetName: style.name, dialect: dialect, options: options),
            endpoint: WorkerFixture.endpoint(streamsMax: 100, connectionsMax: 8, queueMax: 1_000),
            baseURL: "http://vendor.test:8080", basePath: [], credentials: .none,
            timeouts: Target.Timeouts(attemptNanoseconds: 2 * second, totalNanoseconds: 6 * second),
            retryPolicy: RetryPolicy(
                attemptsMax: attempts, pauseNanoseconds: second / 10, pauseNanosecondsMax: second),
            health: TargetHealth(settings))
        self.loop.advanceTime(to: .uptimeNanoseconds(self.now))
        let vendor = ModelVendor(style, seed: seed, share: share, simulation: self)
        self.vendor = vendor
        self.worker = WorkerFixture.makeWorker(
            on: self.loop, targets: [self.target], makeDial: { ModelVendor.Dial(pool: $0, vendor: vendor) })
        _ = self.worker.upstream.clock.hold()
        self.tick()
    }

    /// Has `act` happen in simulated time.
    func later(_ nanoseconds: UInt64, _ act: @escaping () -> Void) {
        self.agenda[(self.now + nanoseconds) / Self.step + 1, default: []].append(act)
    }

    /// Goes one step on.
    private func tick() {
        self.now += Self.step
        self.worker.upstream.clock.timePassed(to: self.now)
        for act in self.agenda.removeValue(forKey: self.now / Self.step) ?? [] { act() }
        self.loop.advanceTime(to: .uptimeNanoseconds(self.now))
    }

    private func call(isCreate: Bool, body: (String) -> String) {
        self.count += 1
        let name = "\(isCreate ? "c" : "u")\(self.count)"
        // Few products where versions matter, so that updates meet.
        let id = self.vendor.style.hasVersions ? "p\(self.count % 50)" : "p\(self.count)"
        let delivery = Delivery(
            DeliveryOrder(
                operation: isCreate ? .create : .update, productID: isCreate ? nil : Array(id.utf8), requestID: .none,
                connection: ObjectIdentifier(self), handling: nil, isDryRun: false, ifMatch: nil, isForSeveral: false,
                isForOneWholeAnswer: true),
            to: self.target, environment: self.worker.deliveries, delegate: self)
        delivery.translate(Array(body(name).utf8))
        // Translating is measured in real time.
        self.worker.upstream.clock.timePassed(to: self.now)
        self.calls.append(Call(name: name, isCreate: isCreate, delivery: delivery))
        delivery.send()
    }

    /// Sends `count` changes, some in each step, and goes on until all is over, at the vendor too.
    ///
    /// - Parameter creates: of a hundred.
    func run(
        _ count: Int, perStep: Int = 5, creates: Int, update: (String) -> String, create: (String) -> String
    ) {
        while self.calls.count < count {
            for _ in 0..<perStep {
                let isCreate = Int.random(in: 0..<100, using: &self.random) < creates
                self.call(isCreate: isCreate, body: isCreate ? create : update)
            }
            self.tick()
        }
        // An attempt's time, the longest pause, and what is done late.
        for _ in 0..<(20 * WorkerFixture.second / Self.step) { self.tick() }
    }

    // MARK: What callers were told

    /// What is not so, as sentences.
    var untruths: [String] {
        self.calls.flatMap { call -> [String] in
            let made = self.vendor.made[call.name] ?? 0
            var found: [String] = []
            switch call.delivery.resultKind {
            case .success: if made == 0 { found.append("told done, and was not made") }
            case .problem:
                guard let problem = call.problem else { break }
                if problem.outcome != .unknown, made > 0 { found.append("told \(problem.outcome), and was made") }
                if call.isCreate, problem.isRetryable, made > 0 { found.append("a made create is told retryable") }
                if problem.code == .internalError { found.append("told internal_error") }
            case .none, .dryRun, .replayed: found.append("was told nothing")
            }
            if call.isCreate, made > 1 { found.append("a create was made \(made) times") }
            return found.map { "\($0): \(call.name), \(call.problem?.detail ?? "")" }
        }
    }

    var told: [String: Int] {
        self.calls.reduce(into: [:]) { told, call in
            let outcome = call.problem.map { "\($0.outcome)" } ?? "done"
            told[(call.isCreate ? "create " : "update ") + outcome, default: 0] += 1
        }
    }

    // MARK: DeliveryDelegate

    func traceForAttempt() -> SentTrace { SentTrace(TraceContext(from: &self.random), from: &self.random) }
    func deliveryFinished(_: Delivery) {}
}
