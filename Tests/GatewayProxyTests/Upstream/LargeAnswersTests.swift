import NIOCore
import NIOEmbedded
import Testing

@testable import GatewayProxy

@Suite("Answers that take long to be understood")
struct LargeAnswersTests {
    private let vendor = FakeVendor()
    private let fixture: WorkerFixture
    private let pool: UpstreamPool

    init() {
        let vendor = self.vendor
        self.fixture = WorkerFixture(vendor: vendor) { $0.answerBytesMax = 1_000_000 }
        self.pool = UpstreamPool(
            endpoint: WorkerFixture.endpoint(), environment: self.fixture.worker.upstream)
    }

    private func ask(_ count: Int) -> (told: [ToldAttempt], connection: FakeVendor.Connection?) {
        let asked = (0..<count).map { _ in ToldAttempt.make(on: self.fixture.worker) }
        for (_, attempt) in asked { self.pool.submit(attempt) }
        return (asked.map(\.told), self.vendor.accept())
    }

    private static let large = String(repeating: " ", count: LargeAnswers.bytesMin)

    @Test("are told one at a time, the first at once, and what is small does not wait for them")
    func turns() throws {
        let (told, connection) = self.ask(4)
        for _ in 0..<3 { connection?.answer(body: Self.large) }
        connection?.answer(body: "{}")
        #expect(told.map { $0.results.count } == [1, 0, 0, 1])
        self.fixture.loop.advanceTime(by: .milliseconds(1))
        #expect(told.map { $0.results.count } == [1, 1, 0, 1])
        self.fixture.loop.advanceTime(by: .milliseconds(1))
        #expect(told.allSatisfy { $0.answer != nil })
        let (later, again) = self.ask(1)
        self.fixture.loop.advanceTime(by: .milliseconds(1))
        (again ?? connection)?.answer(body: Self.large)
        #expect(later.first?.answer?.body.count == LargeAnswers.bytesMin)
    }

    @Test("are parsed in slices, so that what comes meanwhile waits for a slice and no more")
    func slices() throws {
        let (told, connection) = self.ask(3)
        let values = 5 * LargeAnswers.entriesPerTurn
        let large = "[\(String(repeating: "\"abcd\",", count: values))1]"
        connection?.answer(body: large)
        connection?.answer(body: large)
        connection?.answer(body: "{}")
        #expect(told.map { $0.results.count } == [0, 0, 1])
        // Five slices, the rest, and a turn to be told in.
        for _ in 0..<5 { self.fixture.loop.advanceTime(by: .milliseconds(1)) }
        #expect(told.map { $0.results.count } == [0, 0, 1])
        self.fixture.loop.advanceTime(by: .milliseconds(1))
        #expect(told.map { $0.results.count } == [1, 0, 1])
        self.fixture.loop.advanceTime(by: .milliseconds(10))
        #expect(told.map { $0.results.count } == [1, 1, 1])
        #expect(told.first?.answer?.body.count == large.utf8.count)
        // It has been understood: what was parsed is not kept.
        #expect(told.first?.answer?.parse == nil)
    }

    @Test("stay answers when the connection ends, or their time, before it is their turn")
    func ended() throws {
        let (told, connection) = self.ask(2)
        connection?.answer(body: Self.large)
        connection?.answer(body: Self.large)
        connection?.close()
        self.fixture.loop.advanceTime(by: .hours(2))
        #expect(told.map { $0.answer?.body.count } == [LargeAnswers.bytesMin, LargeAnswers.bytesMin])
    }
}
