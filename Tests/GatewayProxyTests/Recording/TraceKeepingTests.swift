import GatewayTranslation
import Testing

@testable import GatewayConfiguration
@testable import GatewayProxy

@Suite("Which traces are kept")
struct TraceKeepingTests {
    private static func keeps(
        sample: Double = 0, keepFailures: Bool = true, slowerThan: Duration? = nil, random: UInt64 = 0,
        _ change: (inout ExchangeRecord) -> Void = { _ in }
    ) -> Bool {
        let tracing = TracingConfiguration(
            endpoint: nil, encoding: .protobuf, compression: .gzip, headers: [:], caFile: nil, sample: sample,
            keepFailures: keepFailures, slowerThan: slowerThan)
        var record = ExchangeRecord(startedAt: 1_000, caller: "")
        record.endedAt = 2_001_000
        record.status = 200
        change(&record)
        return TraceKeeping(tracing).keeps(record, random: random)
    }

    @Test("by chance: none at 0, all at 1, and those below the share in between")
    func chance() {
        #expect(!Self.keeps(sample: 0, random: 0))
        #expect(Self.keeps(sample: 1, random: .max))
        #expect(Self.keeps(sample: 0.25, random: UInt64.max / 4 - 1_000_000))
        #expect(!Self.keeps(sample: 0.25, random: UInt64.max / 4 + 1_000_000))
    }

    @Test("where the caller has sampled its own")
    func parent() throws {
        let id = try #require(TraceID(high: 1, low: 1))
        #expect(Self.keeps { $0.trace = TraceContext(traceID: id, callerID: 1, flags: .sampled, state: []) })
        #expect(!Self.keeps { $0.trace = TraceContext(traceID: id, callerID: 1, flags: [], state: []) })
    }

    @Test("where it was slow")
    func slow() {
        #expect(!Self.keeps(slowerThan: .milliseconds(2)))
        #expect(Self.keeps(slowerThan: .milliseconds(1)))
    }

    @Test("where the gateway failed or was cut, but not where a caller was wrong")
    func failures() {
        #expect(Self.keeps { $0.refusal = Problem(.overloaded, detail: "") })
        #expect(!Self.keeps(keepFailures: false) { $0.refusal = Problem(.overloaded, detail: "") })
        #expect(!Self.keeps { $0.refusal = Problem(.validationFailed, detail: "") })
        #expect(Self.keeps { $0.wasCut = true })
    }
}
