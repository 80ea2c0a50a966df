import Testing

@testable import GatewayMetrics

@Suite("Exposition")
struct ExpositionTests {
    private func lines(_ format: ExpositionFormat, _ count: (WorkerMetrics) -> Void = { _ in }) -> [String] {
        let registry = MetricsRegistry(values: values)
        count(registry.makeWorker())
        var collected = CollectedValues()
        collected.add(.buildInfo, labels: ["1.2 \"x\\y\n\""], .integer(1))
        collected.add(.processCPU, .nanoseconds(1_500_000_000))
        let text = registry.snapshot().exposition(format, collected: collected)
        return String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    @Test("text 0.0.4 names families like their samples")
    func text() {
        let lines = self.lines(.text)
        #expect(lines.contains("# TYPE process_cpu_seconds_total counter"))
        #expect(lines.contains("process_cpu_seconds_total 1.5"))
        #expect(lines.contains("# TYPE product_gateway_build_info gauge"))
        #expect(!lines.contains { $0.hasPrefix("# UNIT") || $0.hasPrefix("# EOF") })
        #expect(lines.last == "")
    }

    @Test("OpenMetrics names families without their suffixes, tells units, and ends with # EOF")
    func openMetrics() {
        let lines = self.lines(.openMetrics)
        #expect(lines.contains("# TYPE process_cpu_seconds counter"))
        #expect(lines.contains("# UNIT process_cpu_seconds seconds"))
        #expect(lines.contains("process_cpu_seconds_total 1.5"))
        #expect(lines.contains("# TYPE product_gateway_build info"))
        #expect(lines.suffix(2) == ["# EOF", ""])
    }

    @Test("label values are escaped")
    func escaping() {
        #expect(
            self.lines(.text).contains(#"product_gateway_build_info{version="1.2 \"x\\y\n\""} 1"#))
    }

    @Test("a histogram's buckets are cumulative and end with all")
    func histogram() {
        let lines = self.lines(.text) {
            let shard = $0.target("t")
            shard.observe(3_000, in: .translationDuration)
            shard.observe(60_000, in: .translationDuration)
            shard.observe(60_000_000_000, in: .translationDuration)
        }
        let name = "product_gateway_translation_duration_seconds"
        #expect(lines.contains(#"\#(name)_bucket{target="t",le="0.000002"} 0"#))
        #expect(lines.contains(#"\#(name)_bucket{target="t",le="0.000005"} 1"#))
        #expect(lines.contains(#"\#(name)_bucket{target="t",le="0.0001"} 2"#))
        #expect(lines.contains(#"\#(name)_bucket{target="t",le="+Inf"} 3"#))
        #expect(lines.contains(#"\#(name)_sum{target="t"} 60.000063"#))
        #expect(lines.contains(#"\#(name)_count{target="t"} 3"#))
    }

    @Test("combinations that never occurred are left out where most never do, zeros stand everywhere else")
    func sparse() {
        let lines = self.lines(.text) { worker in
            worker.target("t").add(to: .deliveries, 0, LabelValues.okIndex, CountedOrigin.none.rawValue)
        }
        let samples = lines.filter { $0.hasPrefix("product_gateway_requests_total{") }
        #expect(
            samples == [#"product_gateway_requests_total{target="t",operation="update",code="ok",origin="none"} 1"#])
        #expect(lines.contains(#"product_gateway_credential_refreshes_total{target="t",outcome="rejected"} 0"#))
    }

    @Test(
        "seconds are exact",
        arguments: [(0, "0.0"), (1, "0.000000001"), (-1_500_000_000, "-1.5"), (.max, "9223372036.854775807")])
    func seconds(nanoseconds: Int, expected: String) {
        #expect(ExpositionWriter.seconds(nanoseconds) == expected)
    }

    @Test(
        "Accept decides the format",
        arguments: [
            ("", .text), ("*/*", .text), ("text/plain", .text),
            ("application/openmetrics-text", .openMetrics),
            ("application/openmetrics-text; version=1.0.0; charset=utf-8", .openMetrics),
            ("application/openmetrics-text;version=\"1.0.0\"", .openMetrics),
            ("application/openmetrics-text; version=2.0.0", .text),
            ("application/openmetrics-text;q=0", .text),
            ("application/openmetrics-text;q=0.5, text/plain;q=0.9", .text),
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                    + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", .openMetrics
            ),
        ] as [(String, ExpositionFormat)])
    func negotiation(accept: String, expected: ExpositionFormat) {
        #expect(ExpositionFormat.negotiate(accept: accept) == expected)
    }
}

@Suite("The process's figures")
struct ProcessFigureTests {
    @Test("are those of a living process")
    func figures() throws {
        let figures = ProcessFigures.read()
        #expect(figures.cpuNanoseconds > 0)
        #expect(try #require(figures.residentBytes) > 1_000_000)
        #expect(try #require(figures.openFiles) >= 3)
        #expect(try #require(figures.maxFiles) >= 3)
        // After 2020.
        #expect(try #require(figures.startNanoseconds) > 1_577_836_800_000_000_000)
    }

    @Test("a thread's clock can be read by others")
    func threadClock() async throws {
        let clock = try #require(ThreadClock())
        #expect(try #require(clock.nanoseconds) > 0)
    }
}
