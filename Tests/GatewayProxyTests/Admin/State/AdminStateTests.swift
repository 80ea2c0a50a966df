import GatewayMetrics
import GatewayTranslation
import NIOCore
import NIOEmbedded
import Testing

@testable import GatewayConfiguration
@testable import GatewayProxy

@Suite("What operators are answered from")
struct AdminStateTests {
    /// A state with targets of these names.
    static func make(targets: [String]) throws -> AdminState {
        let entries = targets.map { #""\#($0)": {"dialect": "cor", "baseURL": "https://vendor.example"}"# }
        let text = #"{"listener": {"host": "127.0.0.1"}, "targets": {\#(entries.joined(separator: ", "))}}"#
        let inputs = ConfigurationInputs(
            environment: { _ in nil }, readFile: { _, _ in .success([]) }, epochSeconds: { 0 },
            builtInDialects: ["cor"], secrets: .ignored)
        let result = Configuration.load(bytes: Array(text.utf8), path: "gateway.json", inputs: inputs)
        let configuration = try #require(result.configuration)
        let settings = LogSettings(configuration.logging)
        return AdminState(
            configuration, readiness: Readiness(), logWriter: LogWriter(settings: settings, descriptor: -1))
    }

    @Test("a worker that does not answer within a second is told, and hides nothing of the others")
    func silentWorker() throws {
        let state = try Self.make(targets: ["a"])
        let (asking, well, stuck) = (EmbeddedEventLoop(), EmbeddedEventLoop(), EmbeddedEventLoop())
        let ledger = state.makeLedger(on: well)
        _ = state.makeLedger(on: stuck)
        var record = ExchangeRecord(startedAt: 0, caller: "")
        record.question.operation = .update
        record.refusal = Problem(.overloaded, detail: "")
        ledger.exchangeEnded(record)

        let result = NIOLoopBoundBox<FailureReport?>(nil, eventLoop: asking)
        state.failures(on: asking, within: .seconds(1)).whenSuccess { result.value = $0 }
        well.run()
        asking.advanceTime(by: .milliseconds(999))
        #expect(result.value == nil)
        asking.advanceTime(by: .milliseconds(1))
        let report = try #require(result.value)
        #expect(report.groups.map(\.code) == [.overloaded])
        #expect(report.silentWorkers == [1])
        // What comes too late changes nothing.
        stuck.run()
        asking.run()
    }

    @Test("workers that answer are waited for no longer than that")
    func workers() throws {
        let state = try Self.make(targets: ["a"])
        let (asking, well) = (EmbeddedEventLoop(), EmbeddedEventLoop())
        _ = state.makeLedger(on: well)
        let result = NIOLoopBoundBox<FailureReport?>(nil, eventLoop: asking)
        state.failures(on: asking, within: .seconds(1)).whenSuccess { result.value = $0 }
        well.run()
        asking.run()
        #expect(result.value?.silentWorkers == [])
    }
}
