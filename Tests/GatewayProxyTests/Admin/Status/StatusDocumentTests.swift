import GatewayJSON
import GatewayMetrics
import GatewayTranslation
import NIOEmbedded
import Testing

@testable import GatewayProxy

@Suite("The status document")
struct StatusDocumentTests {
    private let state: AdminState
    private let ledger: WorkerLedger

    init() throws {
        self.state = try AdminStateTests.make(targets: ["a", "b"])
        self.ledger = self.state.makeLedger(on: EmbeddedEventLoop())
    }

    private func document(_ report: FailureReport) throws -> JSONDocument {
        let history = StatusHistory(state: self.state)
        return try JSONDocument(
            parsing: StatusDocument(state: self.state, history: history, report: report).json())
    }

    private func report(_ failures: [RecentFailure], silent: Set<Int> = []) -> FailureReport {
        var memory = FailureMemory(groupsMax: 1000)
        for failure in failures { memory.append(failure) }
        return FailureReport(groups: FailureGroup.merged(memory.groups), silentWorkers: silent)
    }

    @Test("failures of one kind are one entry, with their number and the last few requests")
    func groups() throws {
        let failures =
            (1...9).map { FailureMemoryTests.failure("a", at: $0) } + [FailureMemoryTests.failure(nil, at: 3)]
        let text = String(decoding: try self.document(self.report(failures)).bytes, as: UTF8.self)
        #expect(text.contains(#""failures":[{"target":"a","code":"vendor_error""#))
        #expect(text.contains(#""count":9,"since":1,"lastAt":9,"inWindow":0,"examples":[{"at":9,"#))
        #expect(
            text.contains(
                #"{"code":"vendor_error","status":502,"origin":"vendor","count":1,"since":3,"lastAt":3,"examples""#))
    }

    @Test("a target keeps its last failure, whatever has failed since elsewhere")
    func lastFailure() throws {
        let failures =
            [FailureMemoryTests.failure("b", at: 1)] + (2...999).map { FailureMemoryTests.failure("a", at: $0) }
        let text = String(decoding: try self.document(self.report(failures)).bytes, as: UTF8.self)
        #expect(text.contains(#""lastFailure":{"at":999,"requestId":"at 999""#))
        #expect(text.contains(#""lastFailure":{"at":1,"requestId":"at 1""#))
    }

    @Test("the document is bounded, and says what it leaves out")
    func bound() throws {
        let failures = (0..<900).map { FailureMemoryTests.failure("\($0)", at: $0) }
        let bytes = try self.document(self.report(failures)).bytes
        #expect(bytes.count < 200_000)
        #expect(String(decoding: bytes, as: UTF8.self).contains(#""failuresLeftOut":700"#))
    }

    @Test("a worker that did not answer is marked")
    func silent() throws {
        let text = String(decoding: try self.document(self.report([], silent: [0])).bytes, as: UTF8.self)
        #expect(text.contains(#""workers":[{"worker":0,"answers":false,"#))
    }
}
