import GatewayMetrics
import GatewayTranslation
import NIOEmbedded
import Testing

@testable import GatewayProxy

@Suite("The numbers of the last minutes")
struct StatusHistoryTests {
    private static let second: UInt64 = 1_000_000_000

    private let state: AdminState
    private let history: StatusHistory
    private let ledger: WorkerLedger

    init() throws {
        self.state = try AdminStateTests.make(targets: ["a"])
        self.history = StatusHistory(state: self.state)
        self.ledger = self.state.makeLedger(on: EmbeddedEventLoop())
    }

    private func count(_ code: ProblemCode?, _ origin: CountedOrigin = .vendor, times: Int = 1) {
        self.ledger.metrics.target("a").add(
            times, to: .deliveries, CountedOperation.update.rawValue, code?.metricIndex ?? LabelValues.okIndex,
            (code == nil ? .none : origin).rawValue)
    }

    /// Samples every five seconds, as the admin listener does, up to `end`.
    private func sample(from start: Int, to end: Int) {
        for second in stride(from: start, through: end, by: 5) {
            self.history.sample(now: UInt64(second) * Self.second, epochMilliseconds: second * 1000)
        }
    }

    private func health(at second: Int) -> TargetSummary.Health {
        TargetSummary("a", in: self.history.window(now: UInt64(second) * Self.second)).health
    }

    @Test("how a target was when it was last asked stays when nothing is asked of it any more")
    func lastHealth() {
        self.sample(from: 100, to: 100)
        #expect(self.history.lastHealth(of: "a") == nil)
        self.count(.vendorError, times: 9)
        self.count(nil)
        self.sample(from: 105, to: 600)
        #expect(self.health(at: 600) == .idle)
        #expect(self.history.lastHealth(of: "a") == .init(health: .ill, epochMilliseconds: 105_000))
        self.count(nil, times: 20)
        self.sample(from: 605, to: 605)
        #expect(self.history.lastHealth(of: "a") == .init(health: .well, epochMilliseconds: 605_000))
    }

    @Test("what says nothing of the vendor leaves what was known of it")
    func rejections() {
        self.sample(from: 100, to: 100)
        self.count(.vendorError)
        self.sample(from: 105, to: 300)
        self.count(.validationFailed, .gateway)
        self.sample(from: 305, to: 305)
        #expect(self.history.lastHealth(of: "a") == .init(health: .ill, epochMilliseconds: 105_000))
    }

    @Test("a window is a minute, or what there is since the start")
    func window() {
        self.sample(from: 100, to: 110)
        #expect(self.history.window(now: 112 * Self.second).seconds == 12)
        self.sample(from: 115, to: 300)
        #expect(self.history.window(now: 302 * Self.second).seconds == 62)
    }
}
