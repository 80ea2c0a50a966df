import GatewayStore
import GatewayTranslation
import NIOCore
import Testing

@testable import GatewayProxy

@Suite("A stream with a key is resumed")
struct BulkResumeTests {
    /// A gateway whose streams with the key `k` a test sends, one after the other.
    private final class Bench {
        let vendor = FakeVendor()
        let fixture: WorkerFixture
        let target: Target
        private(set) var host = StreamHost()
        private(set) var stream: BulkStream!
        private(set) var record: StreamRecord!
        private var connection: FakeVendor.Connection?

        init(_ target: Target? = nil) throws {
            self.target = try target ?? WorkerFixture.target(credentials: .none)
            self.fixture = WorkerFixture(targets: [self.target], vendor: self.vendor)
        }

        private var question: Question {
            var question = Question()
            question.targets = [self.target]
            question.stream = StreamQuestion(input: .jsonLines, output: .jsonLines, goesOnAfterFailure: false)
            Array("k".utf8).withUnsafeBufferPointer { question.conditions.takeIdempotencyKey($0) }
            return question
        }

        /// - Returns: why the stream does not come in.
        func claim() throws -> Problem? {
            let exchanges = self.fixture.worker.exchanges
            let claimed = exchanges.streams.records.record(of: self.question, requestID: .none)
            let record = try #require(claimed).get()
            var refusal: Problem?
            record.open { refusal = $0 }
            self.fixture.loop.run()
            if refusal == nil { self.record = record }
            return refusal
        }

        func begin(hasKey: Bool = true) throws {
            self.record = nil
            if hasKey { try #require(try self.claim() == nil) }
            let exchanges = self.fixture.worker.exchanges
            self.host = StreamHost()
            self.stream = BulkStream(
                self.question, requestID: .none, host: self.host, environment: exchanges.streams,
                limits: exchanges.limits, record: self.record)
            self.stream.start()
        }

        func send(_ lines: [String]) {
            for line in lines { Array((line + "\n").utf8).withUnsafeBytes { _ = self.stream.receive($0) } }
            self.run()
        }

        func end() {
            self.stream.receiveEnd()
            self.run()
        }

        /// Until nothing is left to be done at once.
        func run() {
            for _ in 0..<5 {
                self.fixture.loop.run()
                self.stream.pump()
            }
        }

        /// What the vendor has been sent and not answered.
        var attempts: [String] {
            if self.connection == nil { self.connection = self.vendor.accept(100) }
            self.run()
            return (self.connection?.attempts ?? []).map {
                String(decoding: $0.request.content.path, as: UTF8.self).split(separator: "/").last.map(String.init)
                    ?? ""
            }
        }

        func answer(_ status: Int = 200) {
            guard let path = self.attempts.first else { return }
            let id = path == "products" ? "x" : path
            self.connection?.answer(status, body: "{\"id\":\"\(id)\",\"name\":\"x\"}", retryAfter: nil)
            self.run()
        }

        /// The bodies that the vendor has been sent and not answered.
        var bodies: [String] {
            _ = self.attempts
            return (self.connection?.attempts ?? []).map { String(decoding: $0.request.body, as: UTF8.self) }
        }

        func answerAll() { while !self.attempts.isEmpty { self.answer() } }

        var inquiry: String {
            var told = ""
            let inquiry = self.fixture.worker.exchanges.streams.records.inquiry(about: Array("k".utf8), of: nil)
            inquiry?.start { if case .success(let bytes?) = $0 { told = String(decoding: bytes, as: UTF8.self) } }
            self.fixture.loop.run()
            return told
        }
    }

    private static func update(_ id: String, _ name: String = "x") -> String {
        #"{"id":"\#(id)","product":{"name":"\#(name)"}}"#
    }

    private static let create = #"{"op":"create","product":{"name":"x"}}"#

    @Test("lines that are done are replayed and cost no request; those that are not are sent")
    func replays() throws {
        let bench = try Bench()
        let lines = ["a", "b", "c", "d"].map { Self.update($0) }
        try bench.begin()
        bench.send(Array(lines.prefix(3)))
        bench.answer()
        bench.answer(422)
        bench.answer()
        bench.end()
        #expect(bench.host.lines.last == "summary complete true")
        #expect(bench.inquiry == #"{"through":1,"lines":3,"open":[[2,2]],"more":false,"underWay":false}"#)
        try bench.begin()
        bench.send(lines)
        #expect(bench.attempts == ["b", "d"])
        #expect(bench.host.lines == ["1 done replayed", "3 done replayed"])
        bench.answerAll()
        bench.end()
        #expect(bench.host.lines.last == "summary complete true")
        #expect(bench.host.text.contains(#""done":4"#) && bench.host.text.contains(#""replayed":2"#))
        #expect(bench.inquiry == #"{"through":4,"lines":4,"open":[],"more":false,"underWay":false}"#)
        #expect(bench.host.endings == 1)
    }

    @Test("what is under way is told, and a second stream with the key is refused meanwhile")
    func conflict() throws {
        let bench = try Bench()
        try bench.begin()
        bench.send([Self.update("a")])
        #expect(try bench.claim()?.code == .idempotencyConflict)
        #expect(bench.inquiry.hasSuffix(#""underWay":true}"#))
        bench.answerAll()
        bench.end()
        #expect(try bench.claim() == nil)
    }

    @Test("a line that is done and comes with another content is refused, with all of its block")
    func changed() throws {
        let bench = try Bench()
        try bench.begin()
        bench.send([Self.update("a"), Self.update("b")])
        bench.answerAll()
        bench.end()
        try bench.begin()
        bench.send([Self.update("a"), Self.update("b", "other")])
        #expect(bench.attempts == [])
        #expect(bench.host.lines == ["1 not_sent idempotency_key_reused", "2 not_sent idempotency_key_reused"])
        bench.end()
        // Left out is as good as sent again, where all of the block is.
        try bench.begin()
        bench.send(["", "", Self.update("c")])
        #expect(bench.attempts == ["c"])
        bench.answerAll()
        bench.end()
        #expect(bench.host.lines == ["3 done", "summary complete true"])
    }

    @Test("a line that was refused may be corrected under the same key")
    func corrected() throws {
        let bench = try Bench()
        try bench.begin()
        bench.send([Self.update("a", "wrong"), Self.update("b")])
        bench.answer(422)
        bench.answer()
        bench.end()
        try bench.begin()
        bench.send([Self.update("a", "right"), Self.update("b")])
        #expect(bench.attempts == ["a"])
        bench.answerAll()
        #expect(bench.host.lines.sorted() == ["1 done", "2 done replayed"])
    }

    @Test("a create is sent when the store has that it may have been, and once only")
    func create() throws {
        let bench = try Bench()
        try bench.begin()
        bench.send([Self.create, Self.create])
        #expect(bench.attempts.count == 2)
        #expect(bench.record.isKept)
        bench.answer(201)
        // The gateway is lost: nobody closes the record. Its lease is over some time later.
        bench.record.cut()
        try bench.begin()
        bench.send([Self.create, Self.create, Self.create])
        bench.end()
        #expect(bench.attempts.count == 2, "the first stream's second create, and the third")
        #expect(bench.host.lines == ["1 done replayed", "2 unknown outcome_unknown"])
    }

    @Test("creates that travel together are sent when the store has each of them, and none again after a kill")
    func createsOfABatch() throws {
        let options = TargetOptions(parameters: ["currency": "EUR", "weightUnit": "kg"])
        let plan = try TargetPlan(targetName: "woo", dialect: Dialect(named: "woocommerce"), options: options)
        let bench = try Bench(WorkerFixture.target("woo", plan: plan, credentials: .none))
        let lines = ["a", "b", "c"].map { #"{"op":"create","product":{"name":"\#($0)"}}"# }
        try bench.begin()
        bench.send(lines)
        #expect(bench.bodies == [#"{"create":[{"name":"a"},{"name":"b"},{"name":"c"}]}"#])
        #expect(bench.record.isKept)
        // The gateway is lost with the answer on its way: nobody closes the record.
        bench.record.cut()
        try bench.begin()
        bench.send(lines + [#"{"op":"create","product":{"name":"d"}}"#])
        #expect(bench.bodies.dropFirst() == [#"{"name":"d"}"#], "what may have been done is not done again")
        #expect(bench.host.lines.sorted() == (1...3).map { "\($0) unknown outcome_unknown" })
        #expect(bench.inquiry.contains(#""open":[[1,4]]"#))
    }

    @Test("behind a line that goes out again, those of the same product go out again, so that the last one counts")
    func order() throws {
        let bench = try Bench()
        let lines = [Self.update("a", "first"), Self.update("b"), Self.update("a", "last")]
        try bench.begin()
        bench.send(lines)
        bench.answerAll()
        // What was kept of the first line is lost, as by a kill between two pages.
        bench.record.pages[0]?.lines = LinePage(lanes: 1)
        for number in 1...3 { bench.record.take(number) }
        for number in 2...3 {
            let digest = Array(lines[number - 1].utf8).withUnsafeBufferPointer { bench.record.digest(of: number, $0) }
            bench.record.finish(number, at: 0, digest: digest)
        }
        bench.end()
        try bench.begin()
        bench.send(lines)
        #expect(bench.attempts == ["a"])
        bench.answer()
        #expect(bench.attempts == ["a"])
        bench.answer()
        #expect(bench.host.lines == ["2 done replayed", "1 done", "3 done"])
    }

    @Test("a stream whose record has been taken over sends nothing more and says so")
    func lost() throws {
        let bench = try Bench()
        try bench.begin()
        bench.send((0..<20).map { Self.update("p\($0)") })
        let sent = bench.attempts.count
        #expect(sent < 20)
        bench.record.lose()
        bench.answerAll()
        #expect(bench.host.lines.count { $0.hasSuffix("not_sent idempotency_conflict") } == 20 - sent)
        #expect(bench.host.lines.suffix(2) == ["fatal idempotency_conflict", "summary complete false"])
    }

    @Test("pages of lines are fetched as they are reached, and let go when all of them is done")
    func pages() throws {
        let bench = try Bench()
        try bench.begin()
        let empty = Array(repeating: "", count: LinePage.size - 1)
        bench.send([Self.update("a")] + empty + [Self.update("b")])
        #expect(bench.attempts == ["a", "b"])
        #expect(bench.record.pages.count == 2)
        bench.answerAll()
        bench.end()
        #expect(bench.inquiry == #"{"through":16385,"lines":16385,"open":[],"more":false,"underWay":false}"#)
        try bench.begin()
        bench.send([""] + empty + [Self.update("b")])
        #expect(bench.host.lines == ["16385 done replayed"])
        #expect(bench.record.pages.count == 1)
    }

    @Test("a line with a key of its own is done once, in whichever stream and place it comes")
    func ownKey() throws {
        func keyed(_ line: String, _ key: String) -> String { line.dropLast() + #","key":"\#(key)"}"# }
        let bench = try Bench()
        try bench.begin(hasKey: false)
        bench.send([keyed(Self.create, "one"), keyed(Self.update("a"), "two"), keyed(Self.update("b"), "three")])
        #expect(bench.attempts.count == 3)
        bench.answer(201)
        bench.answer(200)
        bench.answer(422)
        bench.end()
        #expect(bench.host.lines == ["1 done", "2 done", "3 rejected validation_failed", "summary complete true"])
        try bench.begin(hasKey: false)
        bench.send([
            keyed(Self.update("b"), "three"), keyed(Self.update("a", "other"), "two"), keyed(Self.create, "one"),
            keyed(Self.create, "four"),
        ])
        #expect(bench.attempts.count == 1)
        bench.answer(201)
        bench.end()
        #expect(
            bench.host.lines == [
                "1 rejected validation_failed replayed", "2 not_sent idempotency_key_reused", "3 done replayed",
                "4 done", "summary complete true",
            ])
        #expect(bench.host.text.contains(#"{"line":3,"id":"x","target":"catalogue","outcome":"done","status":201,"#))
    }
}
