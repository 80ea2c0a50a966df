import GatewayMetrics
import GatewayTranslation
import Testing

@testable import GatewayProxy

@Suite("A worker's ledger")
struct WorkerLedgerTests {
    private let registry = MetricsRegistry(values: .gateway)
    private let ledger: WorkerLedger

    init() {
        self.ledger = WorkerLedger(metrics: self.registry.makeWorker())
    }

    private func end(_ change: (inout ExchangeRecord) throws -> Void) rethrows {
        var record = ExchangeRecord(startedAt: 1_000_000, caller: "")
        record.endedAt = 3_000_000
        record.status = 200
        try change(&record)
        self.ledger.exchangeStarted()
        self.ledger.exchangeEnded(record)
    }

    private func exchanges(_ operation: CountedOperation, _ code: Int) -> Int {
        self.registry.snapshot().value(.exchanges, operation.rawValue, code)
    }

    private func requests(_ target: String, _ code: Int, _ origin: CountedOrigin) -> Int {
        let snapshot = self.registry.snapshot()
        return snapshot.value(
            .deliveries, in: snapshot.target(target) ?? [], CountedOperation.update.rawValue, code,
            origin.rawValue)
    }

    @Test("a published document is a read that went well, one that is not there is not")
    func reads() {
        self.end { _ in }
        self.end { $0.status = 404 }
        #expect(self.exchanges(.read, LabelValues.okIndex) == 1)
        #expect(self.exchanges(.other, ProblemCode.notFound.metricIndex) == 1)
    }

    @Test("a refusal counts for the exchange, and for the targets if they were known")
    func refusals() throws {
        try self.end {
            $0.question.operation = .update
            $0.question.targets = try ["a", "b"].map { try WorkerFixture.target($0) }
            $0.status = 413
            $0.refusal = Problem(.payloadTooLarge, detail: "")
        }
        self.end {
            $0.question.operation = .update
            $0.status = 404
            $0.refusal = Problem(.unknownTarget, detail: "")
        }
        let code = ProblemCode.payloadTooLarge.metricIndex
        #expect(self.exchanges(.update, code) == 1)
        #expect(self.exchanges(.update, ProblemCode.unknownTarget.metricIndex) == 1)
        #expect(self.requests("a", code, .gateway) == 1)
        #expect(self.requests("b", code, .gateway) == 1)
        #expect(self.registry.snapshot().targets.count == 2)
    }

    @Test("a caller who leaves before the answer is counted as that, and has no duration")
    func callerLeft() throws {
        try self.end {
            $0.question.operation = .update
            $0.question.targets = [try WorkerFixture.target("a")]
            $0.end = .callerLeft
        }
        #expect(self.exchanges(.update, LabelValues.callerLeftIndex) == 1)
        #expect(self.requests("a", LabelValues.callerLeftIndex, .none) == 1)
        #expect(self.registry.snapshot().value(.exchangesAbandoned) == 1)
        let text = String(
            decoding: self.registry.snapshot().exposition(.text, collected: CollectedValues()),
            as: UTF8.self)
        #expect(text.contains("product_gateway_exchange_duration_seconds_count{operation=\"update\"} 0\n"))
    }

    @Test("every exchange that begins and ends leaves nothing in flight")
    func inFlight() {
        self.ledger.exchangeStarted()
        self.end { _ in }
        #expect(self.registry.snapshot().value(.workerExchangesInFlight, worker: 0) == 1)
    }

    @Test("many rejected requests do not push a failure out of memory")
    func failuresApart() {
        self.end {
            $0.question.operation = .update
            $0.refusal = Problem(.overloaded, detail: "Too many at once.")
        }
        for _ in 0..<1000 {
            self.end {
                $0.question.operation = .update
                $0.refusal = Problem(.malformedJSON, detail: "secret product data")
            }
        }
        let groups = self.ledger.failureGroups
        #expect(groups.map(\.code) == [.overloaded, .malformedJSON])
        #expect(groups.map(\.count) == [1, 1000])
        #expect(groups.first?.examples.map(\.detail) == ["Too many at once."])
        #expect(!groups.flatMap(\.examples).contains { $0.detail?.contains("secret") == true })
    }

    @Test("what a target failed with is remembered, however much fails elsewhere")
    func lastFailureKept() throws {
        func fail(_ target: String, _ code: ProblemCode) throws {
            try self.end {
                $0.question.operation = .update
                $0.question.targets = [try WorkerFixture.target(target)]
                $0.refusal = Problem(code, detail: "")
            }
        }
        try fail("quiet", .vendorTimeout)
        for _ in 0..<1000 { try fail("loud", .vendorError) }
        let groups = self.ledger.failureGroups
        #expect(groups.map(\.target) == ["loud", "quiet"])
        #expect(groups.map(\.count) == [1000, 1])
        #expect(groups.map(\.examples.count) == [FailureGroup.examplesMax, 1])
    }

    @Test("what is wrong with a document is counted by canonical member")
    func pointers() {
        let target = self.ledger.metrics.target("t")
        self.ledger.metrics.translationRefused(
            Problem(
                .validationFailed, detail: "",
                errors: [
                    FieldError(pointer: "/name", code: .required, detail: ""),
                    FieldError(pointer: "/caller's own text", code: .invalid, detail: ""),
                    FieldError(pointer: nil, code: .invalid, detail: ""),
                ]), in: target)
        self.ledger.metrics.translationRefused(Problem(.malformedJSON, detail: ""), in: target)
        let snapshot = self.registry.snapshot()
        let numbers = snapshot.target("t") ?? []
        func count(_ pointer: String?) -> Int {
            snapshot.value(.translationRefusals, in: numbers, LabelValues.gateway.pointerIndex(pointer))
        }
        #expect(count("/name") == 1)
        #expect(count("/other things") == 1)
        #expect(count(nil) == 2)
    }

    @Test("every problem code has an index of its own", arguments: ProblemCode.allCases)
    func codes(code: ProblemCode) {
        #expect(LabelValues.gateway.codes[code.metricIndex] == code.rawValue)
    }
}
