import GatewayTranslation
import NIOCore
import NIOEmbedded
import Testing

@testable import GatewayHTTP2
@testable import GatewayProxy

@Suite("An HTTP/2 connection to a vendor")
struct UpstreamHTTP2ConnectionTests {
    /// A connection, and the vendor at its other end.
    private struct Line {
        let fixture = WorkerFixture()
        let pool: UpstreamPool
        let connection: UpstreamHTTP2Connection
        let vendor: HTTP2Remote

        init(streamsMax: Int = 100) throws {
            let endpoint = WorkerFixture.endpoint(streamsMax: streamsMax)
            self.pool = UpstreamPool(endpoint: endpoint, environment: self.fixture.worker.upstream)
            self.connection = UpstreamHTTP2Connection(
                pool: self.pool, traffic: UpstreamTraffic(metrics: self.pool.metrics, startedAt: 0), address: nil)
            let channel = EmbeddedChannel(loop: self.fixture.loop)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            try self.connection.install(in: channel.pipeline.syncOperations)
            self.vendor = try HTTP2Remote(.server, channel: channel)
            try self.vendor.talk()
        }

        /// Sends a request; its stream is the next odd number.
        func send(
            _ method: String = "PUT", path: String = "/p/1", body: [UInt8] = [1, 2, 3]
        ) throws -> (told: ToldAttempt, attempt: Attempt) {
            let (told, attempt) = ToldAttempt.make(on: self.fixture.worker, method, path: path, body: body)
            #expect(self.connection.send(attempt))
            try self.vendor.talk()
            return (told, attempt)
        }

        func answer(
            _ stream: Int32, _ status: Int = 200, _ more: KeyValuePairs<String, String> = [:],
            body: [UInt8] = []
        ) throws {
            let list = HTTP2FieldList()
            list.append(":status", decimal: status)
            for (name, value) in more { list.append(name: name, value: value) }
            try self.vendor.session.submitResponse(streamID: stream, fields: list, body: body)
            try self.vendor.talk()
        }
    }

    @Test("a request has the fields that a vendor needs, and its length")
    func request() throws {
        let line = try Line()
        let (_, attempt) = try line.send(path: "/p/1?x=y", body: [7, 8])
        let seen = line.vendor[1]
        #expect(seen.value(":method") == "PUT")
        #expect(seen.value(":scheme") == "http")
        #expect(seen.value(":authority") == "vendor.test:8080")
        #expect(seen.value(":path") == "/p/1?x=y")
        #expect(seen.value("authorization") == "Bearer t")
        #expect(seen.value("accept") == "application/json")
        #expect(seen.value("content-length") == "2")
        #expect(seen.value("user-agent")?.hasPrefix("product-gateway/") == true)
        #expect(seen.value("x-request-id") == attempt.request.requestID.string)
        #expect(seen.body == [7, 8])
        #expect(seen.isEnded)
    }

    @Test("an answer is told whole, with the fields that matter, and once")
    func answer() throws {
        let line = try Line()
        let (told, attempt) = try line.send()
        try line.answer(
            1, 429, ["retry-after": "7", "etag": "\"v1\"", "x-request-id": "r-9"],
            body: [UInt8](repeating: 5, count: 50_000))
        let answer = try #require(told.answer)
        #expect(answer.status == 429)
        #expect(answer.retryAfter == "7")
        #expect(answer.etag == "\"v1\"")
        #expect(answer.requestID == "r-9")
        #expect(answer.body == [UInt8](repeating: 5, count: 50_000))
        #expect(told.results.count == 1)
        #expect(attempt.stage == .finished)
        #expect(!attempt.isScheduled)
        #expect(line.connection.isScheduled, "the idle time runs")
    }

    @Test("an answer that is complete is followed by no reset", arguments: [[], [1, 2, 3]] as [[UInt8]])
    func noReset(body: [UInt8]) throws {
        let line = try Line()
        for number in 0..<5 {
            _ = try line.send()
            try line.answer(Int32(number * 2 + 1), 200, body: body)
        }
        #expect(!line.vendor.frames.contains { $0.kind == 3 })
    }

    @Test("an answer that does not wait for the whole request is taken, and the rest is not sent")
    func earlyAnswer() throws {
        let line = try Line()
        let told = ToldAttempt()
        let attempt = Attempt(
            request: UpstreamRequest(
                content: VendorRequest(
                    method: "PUT", path: Array("/".utf8), headers: [],
                    body: [UInt8](repeating: 1, count: 500_000)),
                requestID: RequestID(from: &line.fixture.worker.upstream.random)),
            environment: line.fixture.worker.upstream, delegate: told)
        #expect(line.connection.send(attempt))
        line.fixture.loop.run()
        // The vendor's answer comes before it has opened its window again.
        while let buffer = try line.vendor.channel.readOutbound(as: ByteBuffer.self) {
            try buffer.withUnsafeReadableBytes { bytes in
                try line.vendor.session.receive(bytes, now: 1) { _ in }
            }
        }
        try line.answer(1, 413)
        #expect(told.answer?.status == 413)
        #expect(line.vendor.resets(of: 1) == 1)
        #expect(line.connection.freeStreams == 100)
    }

    @Test("interim responses and trailers are nothing to an attempt")
    func interim() throws {
        let line = try Line()
        let (told, _) = try line.send()
        try line.vendor.talk(
            raw: RawBytes.headers(1, [(":status", "103")], isEnd: false)
                + RawBytes.headers(1, [(":status", "200")], isEnd: false) + RawBytes.frame(0, stream: 1, [9])
                + RawBytes.headers(1, [("x-trailer", "1")], isEnd: true))
        #expect(told.answer?.status == 200)
        #expect(told.answer?.body == [9])
    }

    @Test(
        "a reset without an answer tells whether the vendor can have acted",
        arguments: [HTTP2ErrorCode.refusedStream, .cancel, .internalError])
    func reset(code: HTTP2ErrorCode) throws {
        let line = try Line()
        let (told, _) = try line.send()
        try line.vendor.session.submitReset(streamID: 1, code: code)
        try line.vendor.talk()
        if code == .refusedStream {
            #expect(told.failure == .refused)
        } else if case .endedWithoutAnswer? = told.failure {
            #expect(told.results.count == 1)
        } else {
            Issue.record("\(String(describing: told.failure))")
        }
        #expect(line.connection.stage == .ready)
    }

    @Test("a reset in the middle of an answer is an answer cut short, never a success")
    func cutShort() throws {
        let line = try Line()
        let (told, _) = try line.send()
        try line.vendor.talk(
            raw: RawBytes.headers(1, [(":status", "200")], isEnd: false) + RawBytes.frame(0, stream: 1, [1])
                + RawBytes.frame(3, stream: 1, [0, 0, 0, 0]))
        guard case .answerCutShort(200, _)? = told.failure else {
            Issue.record("\(told.results)")
            return
        }
    }

    @Test(
        "an answer that breaks a rule is told as malformed, its stream reset, the connection kept",
        arguments: [false, true])
    func malformed(hasBegun: Bool) throws {
        let line = try Line()
        let (told, _) = try line.send()
        let beginning = hasBegun ? RawBytes.headers(1, [(":status", "200")], isEnd: false) : []
        try line.vendor.talk(raw: beginning + RawBytes.headers(1, [(":status", "200"), ("X-Upper", "x")], isEnd: true))
        guard case .answerMalformed(let status, _)? = told.failure else {
            Issue.record("\(told.results)")
            return
        }
        #expect(status == (hasBegun ? 200 : 0))
        #expect(told.results.count == 1)
        #expect(line.vendor.resets(of: 1) == 1)
        let (again, _) = try line.send()
        try line.answer(3, 200, body: [1])
        #expect(again.answer?.status == 200)
    }

    @Test("a vendor that floods ends every attempt with the reason, and is counted")
    func flooded() throws {
        let line = try Line()
        let first = try line.send()
        let second = try line.send()
        for _ in 0..<70 where line.connection.stage != .closed {
            let pings = (0..<100).flatMap { _ in RawBytes.frame(6, flags: 1, stream: 0, [UInt8](repeating: 0, count: 8))
            }
            try? line.vendor.talk(raw: pings)
        }
        for told in [first.told, second.told] {
            guard case .endedWithoutAnswer(let reason)? = told.failure else {
                Issue.record("\(told.results)")
                return
            }
            #expect(reason.contains("the gateway closed the connection"))
        }
        #expect(line.connection.stage == .closed)
    }

    @Test("a connection that ends tells every attempt, once, and takes no more")
    func ended() throws {
        let line = try Line()
        let first = try line.send()
        let second = try line.send()
        try line.vendor.talk(raw: RawBytes.headers(3, [(":status", "200")], isEnd: false))
        try line.vendor.channel.close().wait()
        line.fixture.loop.run()
        guard case .endedWithoutAnswer? = first.told.failure, case .answerCutShort(200, _)? = second.told.failure
        else {
            Issue.record("\(first.told.results) \(second.told.results)")
            return
        }
        #expect(first.told.results.count == 1)
        #expect(second.told.results.count == 1)
        #expect(line.connection.stage == .closed)
        #expect(line.connection.freeStreams == 0)
    }

    @Test("an answer that announces more than we take is given up before it comes, and the connection kept")
    func announcedTooLarge() throws {
        let line = try Line()
        let (told, _) = try line.send()
        try line.vendor.talk(
            raw: RawBytes.headers(1, [(":status", "200"), ("content-length", "1000000000")], isEnd: false))
        #expect(told.failure == .answerTooLarge(status: 200))
        #expect(told.results.count == 1)
        #expect(line.connection.stage == .ready)
    }

    @Test("an answer larger than we take is given up, its stream reset, the connection kept")
    func tooLarge() throws {
        let line = try Line()
        let (told, _) = try line.send()
        try line.answer(1, 200, body: [UInt8](repeating: 1, count: 200_000))
        #expect(told.failure == .answerTooLarge(status: 200))
        #expect(told.results.count == 1)
        #expect(line.vendor.resets(of: 1) == 1)
        let (again, _) = try line.send()
        try line.answer(3, 200, body: [1])
        #expect(again.answer?.status == 200)
    }

    @Test("after a GOAWAY what it names is finished, what it does not is refused, and the connection is closed")
    func goAway() throws {
        let line = try Line()
        let first = try line.send()
        let second = try line.send()
        try line.vendor.talk(raw: RawBytes.frame(7, [0, 0, 0, 1, 0, 0, 0, 0]))
        #expect(second.told.failure == .refused)
        #expect(line.connection.freeStreams == 0)
        #expect(first.told.results.isEmpty)
        try line.vendor.talk(raw: RawBytes.headers(1, [(":status", "204")], isEnd: true))
        #expect(first.told.answer?.status == 204)
        line.fixture.loop.run()
        #expect(line.connection.stage == .closed)
        #expect(!line.vendor.channel.isActive)
    }

    @Test("answers that come in one read with a GOAWAY are all taken, however much waits to be flushed")
    func goAwayBehindAnswers() throws {
        let line = try Line()
        let sent = try (0..<20).map { _ in try line.send().told }
        let (unsent, attempt) = ToldAttempt.make(on: line.fixture.worker)
        #expect(line.connection.send(attempt))
        for _ in 0..<FlushQueue.messagesMax { line.fixture.worker.flushQueue.countMessage() }
        line.vendor.isDeaf = true
        let answers = (0..<20).flatMap { RawBytes.headers($0 * 2 + 1, [(":status", "204")], isEnd: true) }
        try line.vendor.channel.writeInbound(
            ByteBuffer(bytes: answers + RawBytes.frame(7, [0, 0, 0, 39, 0, 0, 0, 0])))
        #expect(sent.map { $0.answer?.status } == Array(repeating: 204, count: 20))
        line.fixture.loop.run()
        #expect(unsent.failure == .refused, "it was never sent")
        #expect(line.connection.stage == .closed)
        #expect(attempt.stage == .finished)
    }

    @Test("a vendor that breaks the protocol is told so, and the connection ends with its attempts")
    func connectionError() throws {
        let line = try Line()
        let (told, _) = try line.send()
        try line.vendor.talk(raw: RawBytes.frame(0, stream: 0, [1]))
        #expect(line.vendor.frames.contains { $0.kind == 7 })
        #expect(line.connection.stage == .closed)
        #expect(told.results.count == 1)
        #expect(told.answer == nil)
    }

    @Test("a time-out resets the stream, tells once, and a late answer changes nothing")
    func timeout() throws {
        let line = try Line()
        let (told, attempt) = try line.send()
        attempt.deadlineReached()
        #expect(told.failure == .timedOut)
        try line.vendor.talk(raw: RawBytes.headers(1, [(":status", "200")], isEnd: true))
        #expect(told.results.count == 1)
        #expect(line.vendor.resets(of: 1) == 1)
        #expect(line.connection.freeStreams == 100)
    }

    @Test("a connection on which an attempt timed out gets no new ones until there is a sign of life")
    func suspect() throws {
        let line = try Line()
        let (_, attempt) = try line.send()
        attempt.deadlineReached()
        #expect(line.connection.freeStreams == 0)
        try line.vendor.talk()
        #expect(line.vendor.frames.contains { $0.kind == 6 })
        #expect(line.connection.freeStreams == 100)
    }

    @Test(
        "a connection that answers PINGs and nothing else is left after two time-outs; what is under way keeps its time"
    )
    func wedged() throws {
        let line = try Line()
        let third = try line.send()
        for _ in 0..<2 {
            #expect(line.connection.stage == .ready)
            let (told, attempt) = try line.send()
            attempt.deadlineReached()
            try line.vendor.talk()
            #expect(told.failure == .timedOut)
        }
        #expect(line.connection.stage == .draining)
        #expect(line.connection.freeStreams == 0)
        try line.answer(1, 200)
        #expect(third.told.answer?.status == 200, "it has not been given up with the connection")
        line.fixture.loop.run()
        #expect(line.connection.stage == .closed)
    }

    @Test("two that time out together are enough, and nobody waits for the PING")
    func wedgedTogether() throws {
        let line = try Line()
        let attempts = try (0..<2).map { _ in try line.send().attempt }
        line.vendor.isDeaf = true
        for attempt in attempts { attempt.deadlineReached() }
        #expect(line.connection.stage == .draining)
    }

    @Test("a vendor that is slow with some and answers others keeps its connection", arguments: [[], [1]] as [[UInt8]])
    func slowNow(body: [UInt8]) throws {
        let line = try Line()
        for number in 0..<6 {
            let (_, attempt) = try line.send()
            attempt.deadlineReached()
            try line.vendor.talk()
            let (told, _) = try line.send()
            try line.answer(Int32(number * 4 + 3), 200, body: body)
            #expect(told.answer?.status == 200)
        }
        #expect(line.connection.stage == .ready)
    }

    @Test("a connection that leaves a PING unanswered is closed")
    func unansweredPing() throws {
        let line = try Line()
        let first = try line.send()
        let second = try line.send()
        line.vendor.isDeaf = true
        first.attempt.deadlineReached()
        try line.vendor.talk()
        #expect(line.vendor.frames.contains { $0.kind == 6 })
        line.connection.deadlineReached()
        line.fixture.loop.run()
        #expect(line.connection.stage == .closed)
        #expect(second.told.results.count == 1)
        #expect(first.told.results.count == 1)
    }

    @Test("a deadline that falls while the vendor is being heard neither pings nor closes")
    func heardRecently() throws {
        let line = try Line()
        let (told, _) = try line.send()
        try line.vendor.talk(raw: RawBytes.headers(1, [(":status", "103")], isEnd: false))
        line.connection.deadlineReached()
        try line.vendor.talk()
        #expect(!line.vendor.frames.contains { $0.kind == 6 })
        #expect(line.connection.stage == .ready)
        #expect(line.connection.isScheduled)
        try line.answer(1, 200)
        #expect(told.answer?.status == 200)
    }

    @Test("what has been sent is not taken back when its caller leaves, what waits is")
    func abandoned() throws {
        let line = try Line()
        let (_, sent) = try line.send()
        #expect(!sent.abandonIfWaiting())
        let told = ToldAttempt()
        let waiting = Attempt(request: sent.request, environment: line.fixture.worker.upstream, delegate: told)
        #expect(waiting.abandonIfWaiting())
        waiting.deadlineReached()
        #expect(told.results.isEmpty)
        #expect(line.vendor.resets(of: 1) == 0)
    }

    @Test("streams are as many as the vendor and the configuration both allow")
    func streams() throws {
        let line = try Line(streamsMax: 3)
        #expect(line.connection.freeStreams == 3)
        _ = try line.send()
        #expect(line.connection.freeStreams == 2)
        line.vendor.isDeaf = true
        try line.vendor.talk(raw: RawBytes.frame(4, [0, 3, 0, 0, 0, 1]))
        #expect(line.connection.freeStreams == 0)
        try line.vendor.talk(raw: RawBytes.frame(4, [0, 3, 0, 0, 0, 200]))
        #expect(line.connection.freeStreams == 2)
    }

    @Test("an attempt and its delegate are freed when the result is told")
    func freed() throws {
        let line = try Line()
        weak var told: ToldAttempt?
        weak var attempt: Attempt?
        do {
            let sent = try line.send()
            told = sent.told
            attempt = sent.attempt
            #expect(attempt != nil)
        }
        #expect(told != nil, "held until the result is told")
        try line.answer(1, 200)
        #expect(told == nil)
        #expect(attempt == nil)
    }
}
