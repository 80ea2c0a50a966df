import GatewayTranslation
import NIOCore
import Testing

@testable import GatewayProxy

/// A stream, its caller and its vendor in the test's hand.
struct StreamBench {
    let vendor = FakeVendor()
    let fixture: WorkerFixture
    let host = StreamHost()
    let stream: BulkStream

    init(
        _ target: Target? = nil, goesOn: Bool = false, isMinimal: Bool = false, isDryRun: Bool = false,
        caller: Caller? = nil, change: (inout GatewayLimits) -> Void = { _ in }
    ) throws {
        let target = try target ?? WorkerFixture.target(credentials: .none)
        self.fixture = WorkerFixture(targets: [target], vendor: self.vendor, change: change)
        var question = Question()
        question.targets = [target]
        question.isDryRun = isDryRun
        self.host.caller = caller
        question.identity = caller.map { Identity($0, by: .token(issuer: "test", keyID: nil)) }
        question.stream = StreamQuestion(input: .jsonLines, output: .jsonLines, goesOnAfterFailure: goesOn)
        if isMinimal { Array("return=minimal".utf8).withUnsafeBufferPointer { question.preferences.read($0) } }
        self.stream = BulkStream(
            question, requestID: .none, host: self.host, environment: self.fixture.worker.exchanges.streams,
            limits: self.fixture.worker.exchanges.limits)
        self.stream.start()
    }

    func send(_ lines: String...) { self.send(lines) }

    /// All at once, as a caller that is fast sends them.
    func send(_ lines: [String]) {
        Array(lines.map { $0 + "\n" }.joined().utf8).withUnsafeBytes { _ = self.stream.receive($0) }
        self.fixture.loop.run()
    }

    func update(_ ids: String...) { self.send(ids.map { #"{"id":"\#($0)","product":{"name":"x"}}"# }) }

    func end() {
        self.stream.receiveEnd()
        self.fixture.loop.run()
    }

    /// A connection to whatever was dialled first.
    func accept(_ streamsMax: Int = 100) throws -> FakeVendor.Connection {
        let connection = try #require(self.vendor.accept(streamsMax))
        self.stream.pump()
        self.fixture.loop.run()
        return connection
    }

    /// The vendor answers with the product that it was asked for.
    func answer(_ connection: FakeVendor.Connection, _ status: Int = 200, retryAfter: String? = nil) {
        let path = connection.attempts.first?.request.content.path ?? []
        let id = String(decoding: path, as: UTF8.self).split(separator: "/").last ?? ""
        connection.answer(status, body: "{\"id\":\"\(id)\",\"name\":\"x\"}", retryAfter: retryAfter)
        self.fixture.loop.run()
    }

    /// The vendor answers with this body.
    func say(_ connection: FakeVendor.Connection, _ status: Int = 200, _ body: String = "") {
        connection.answer(status, body: body)
        self.fixture.loop.run()
    }

    func lost(_ connection: FakeVendor.Connection) {
        connection.end(.endedWithoutAnswer(reason: "reset"))
        self.fixture.loop.run()
    }

    /// Whatever the vendor wants to be left alone for is over.
    func goOn() {
        self.stream.lanes[0].pace = BulkPace()
        self.stream.pump()
        self.fixture.loop.run()
    }
}
