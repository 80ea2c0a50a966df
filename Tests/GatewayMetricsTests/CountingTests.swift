import Testing

@testable import GatewayMetrics

let values = LabelValues(problemCodes: ["not_found", "vendor_timeout"], canonicalMembers: ["name", "sku"])

@Suite("Counting")
struct CountingTests {
    @Test("the numbers of all workers are summed at a scrape")
    func sums() {
        let registry = MetricsRegistry(values: values)
        let (first, second) = (registry.makeWorker(), registry.makeWorker())
        first.shard.add(to: .exchanges, CountedOperation.update.rawValue, LabelValues.okIndex)
        second.shard.add(2, to: .exchanges, CountedOperation.update.rawValue, LabelValues.okIndex, 0)
        let snapshot = registry.snapshot()
        #expect(snapshot.value(.exchanges, CountedOperation.update.rawValue, LabelValues.okIndex) == 3)
        #expect(snapshot.value(.exchanges, CountedOperation.create.rawValue, LabelValues.okIndex) == 0)
    }

    @Test("a gauge goes up and down and may be negative on one worker while the sum is right")
    func gauges() {
        let registry = MetricsRegistry(values: values)
        let (first, second) = (registry.makeWorker(), registry.makeWorker())
        first.shard.add(3, to: .downstreamStreamsOpen)
        second.shard.add(-1, to: .downstreamStreamsOpen)
        #expect(registry.snapshot().value(.downstreamStreamsOpen) == 2)
    }

    @Test("a target keeps its numbers whoever asks for it again")
    func targets() {
        let registry = MetricsRegistry(values: values)
        let worker = registry.makeWorker()
        worker.target("acme").add(to: .retries, AttemptOutcome.refused.rawValue)
        worker.target("acme").add(to: .retries, AttemptOutcome.refused.rawValue)
        registry.shard(worker: 0, target: "acme").add(to: .retries, AttemptOutcome.refused.rawValue)
        let snapshot = registry.snapshot()
        let numbers = snapshot.target("acme") ?? []
        #expect(snapshot.value(.retries, in: numbers, AttemptOutcome.refused.rawValue) == 3)
        #expect(snapshot.targets.map(\.name) == ["acme"])
    }

    @Test("a target that nothing was asked of is exported all the same")
    func idleTargets() {
        let snapshot = MetricsRegistry(values: values).snapshot(targets: ["b", "a"])
        #expect(snapshot.targets.map(\.name) == ["a", "b"])
    }

    @Test("names that come without end are counted together beyond the limit")
    func manyTargets() {
        let registry = MetricsRegistry(values: values)
        let worker = registry.makeWorker()
        for index in 0..<1030 { worker.target("t\(index)").add(to: .attempts) }
        let snapshot = registry.snapshot()
        #expect(snapshot.targets.count == 1025)
        #expect(snapshot.value(.attempts, in: snapshot.target("other") ?? []) == 6)
    }

    @Test("an index outside a label's values, or a metric of another scope, counts nothing and touches nothing")
    func outside() {
        let registry = MetricsRegistry(values: values)
        let worker = registry.makeWorker()
        worker.shard.add(to: .exchanges, 99, 0)
        worker.shard.add(to: .exchanges, -1, 0)
        worker.shard.add(to: .retries)
        worker.shard.observe(5, in: .exchanges)
        let snapshot = registry.snapshot()
        #expect(snapshot.workers.allSatisfy { $0.allSatisfy { $0 == 0 } })
    }

    @Test("the parts of two metrics never overlap")
    func layout() {
        for scope in [MetricDeclaration.Scope.worker, .target] {
            let layout = MetricLayout(scope: scope, values: values)
            var next = 0
            for slot in layout.slots where slot.width > 0 {
                #expect(slot.offset == next)
                next += slot.count
            }
            #expect(next == layout.cellCount)
        }
    }

    @Test("threads that read while others write see whole numbers that only rise")
    func concurrency() async {
        let registry = MetricsRegistry(values: values)
        let shards = (0..<4).map { _ in registry.makeWorker().shard }
        await withTaskGroup(of: Void.self) { tasks in
            for shard in shards {
                tasks.addTask { for _ in 0..<20_000 { shard.add(to: .downstreamConnections) } }
            }
            tasks.addTask {
                var last = 0
                for _ in 0..<200 {
                    let now = registry.snapshot().value(.downstreamConnections)
                    #expect(now >= last)
                    last = now
                }
            }
        }
        #expect(registry.snapshot().value(.downstreamConnections) == 80_000)
    }
}

@Suite("Label values")
struct LabelValueTests {
    @Test(
        "a pointer counts as the canonical member that it begins with, never as free text",
        arguments: [
            (nil, "document"), ("", "document"), ("/name", "name"), ("/sku/0/x", "sku"), ("/nonsense", "other"),
            ("/names", "other"),
        ] as [(String?, String)])
    func pointers(pointer: String?, expected: String) {
        #expect(values.pointers[values.pointerIndex(pointer)] == expected)
    }

    @Test(
        "a status counts as its class",
        arguments: [(100, "1xx"), (200, "2xx"), (503, "5xx"), (0, "other"), (999, "other")])
    func statuses(status: Int, expected: String) {
        #expect(values.values(of: .statusClass)[LabelValues.statusClassIndex(status)] == expected)
    }

    @Test("the gateway's own codes have the indexes that they are counted by")
    func codes() {
        #expect(values.codes[LabelValues.okIndex] == "ok")
        #expect(values.codes[LabelValues.dryRunIndex] == "dry_run")
        #expect(values.codes[LabelValues.callerLeftIndex] == "caller_left")
        #expect(values.codes[LabelValues.firstProblemIndex] == "not_found")
    }
}
