import GatewayTranslation
import NIOCore
import Testing

@testable import GatewayProxy

@Suite("An HTTP/1.1 connection to a vendor")
struct UpstreamHTTP1ConnectionTests {
    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

    @Test("a request has the fields that a vendor gets over HTTP/2, with Host, and its length")
    func request() throws {
        let line = try HTTP1Line()
        let (_, attempt, written) = try line.send(path: "/p/1?x=y", body: Array("abc".utf8))
        #expect(
            written == """
                PUT /p/1?x=y HTTP/1.1\r
                host: vendor.test:8080\r
                authorization: Bearer t\r
                accept: application/json\r
                user-agent: product-gateway/\(GatewayVersion.string)\r
                content-length: 3\r
                x-request-id: \(attempt.request.requestID.string)\r
                \r
                abc
                """)
    }

    @Test("a request without a body says so where it has a meaning, and nowhere else", arguments: ["GET", "POST"])
    func noBody(method: String) throws {
        let line = try HTTP1Line()
        let written = try line.send(method, body: []).written
        #expect(written.contains("content-length: 0") == (method == "POST"))
        #expect(!written.contains("transfer-encoding"))
        #expect(written.hasSuffix("\r\n\r\n"))
    }

    @Test("fields of the connection are ours to say, and nothing breaks out of a field")
    func connectionFields() throws {
        let line = try HTTP1Line()
        let written = try line.send(fields: [
            ("connection", "upgrade"), ("transfer-encoding", "chunked"), ("te", "trailers"), ("host", "elsewhere"),
            ("upgrade", "h2c"), ("expect", "100-continue"), ("x-good", "a\r\nx-evil: b"), ("x bad:", "v"),
        ]).written
        let head = written.components(before: "\r\n\r\n").split(separator: "\r\n").dropFirst()
        #expect(
            head.compactMap { $0.split(separator: ":").first.map(String.init) }
                == ["host", "authorization", "x-good", "user-agent", "content-length", "x-request-id"])
        #expect(written.contains("host: vendor.test:8080\r\n"))
        #expect(written.contains("x-good: ax-evil: b\r\n"))
    }

    @Test("a path that cannot stand in a request line is not sent, and the connection is as good as before")
    func badPath() throws {
        let line = try HTTP1Line()
        let (told, _, written) = try line.send(path: "/a b")
        #expect(written.isEmpty)
        guard case .notConnected? = told.failure else {
            Issue.record("\(told.results)")
            return
        }
        #expect(line.connection.freeStreams == 1)
    }

    @Test("an answer is told whole, with the fields that matter, and once")
    func answer() throws {
        let line = try HTTP1Line()
        let (told, attempt, _) = try line.send()
        #expect(line.connection.freeStreams == 0)
        line.say("HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nETag: \"v1\"\r\nX-Request-Id: r-9\r\n")
        line.say("Content-Length: 5\r\n\r\nhel")
        #expect(told.results.isEmpty)
        line.say("lo")
        let answer = try #require(told.answer)
        #expect(answer.status == 429)
        #expect(answer.retryAfter == "7")
        #expect(answer.etag == "\"v1\"")
        #expect(answer.requestID == "r-9")
        #expect(answer.body == Array("hello".utf8))
        #expect(told.results.count == 1)
        #expect(!attempt.isScheduled)
        #expect(line.connection.freeStreams == 1)
        #expect(line.connection.isScheduled, "the idle time runs")
    }

    @Test(
        "every way to say where an answer ends is understood",
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", true),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n", "hello",
                true
            ),
            ("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n", "hello", true),
            ("HTTP/1.1 204 No Content\r\n\r\n", "", true),
            ("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "", true),
            ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", true),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello", "hello", false),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: foo, Close\r\n\r\nhello", "hello", false),
            ("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", false),
            ("HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello", "hello", false),
        ])
    func framing(text: String, body: String, isKept: Bool) throws {
        let line = try HTTP1Line()
        let (told, _, _) = try line.send()
        // Byte by byte: nothing depends on how it is cut.
        for byte in text.utf8 { line.say(String(decoding: [byte], as: UTF8.self)) }
        #expect(told.answer.map { String(decoding: $0.body, as: UTF8.self) } == body)
        #expect(told.results.count == 1)
        #expect(line.isOpen == isKept)
        #expect(line.connection.freeStreams == (isKept ? 1 : 0))
    }

    @Test("it knows since when it is idle, and that it is not while something is under way")
    func idleSince() throws {
        let line = try HTTP1Line()
        let before = line.fixture.worker.upstream.clock.now()
        let first = try #require(line.connection.idleSince)
        #expect(first <= before)
        _ = try line.send()
        #expect(line.connection.idleSince == nil)
        line.say(Self.ok)
        #expect(try #require(line.connection.idleSince) >= before)
        line.hangUp()
        #expect(line.connection.idleSince == nil)
    }

    @Test("an answer without a length ends with the connection")
    func untilClose() throws {
        let line = try HTTP1Line()
        let (told, _, _) = try line.send()
        line.say("HTTP/1.1 200 OK\r\n\r\nhello")
        #expect(told.results.isEmpty)
        line.hangUp()
        #expect(told.answer?.body == Array("hello".utf8))
        #expect(line.connection.stage == .closed)
    }

    @Test("an answer to HEAD has a length and no body")
    func head() throws {
        let line = try HTTP1Line()
        let (told, _, _) = try line.send("HEAD", body: [])
        line.say("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
        #expect(told.answer?.status == 200)
        #expect(line.connection.freeStreams == 1)
    }

    @Test("a connection carries one exchange after the other, never two")
    func reuse() throws {
        let line = try HTTP1Line()
        for number in 0..<5 {
            let (told, _, written) = try line.send(path: "/p/\(number)")
            #expect(written.hasPrefix("PUT /p/\(number) HTTP/1.1\r\n"))
            let second = ToldAttempt.make(on: line.fixture.worker)
            #expect(!line.connection.send(second.attempt), "nothing is pipelined")
            line.say(Self.ok)
            #expect(told.answer?.status == 200)
        }
        #expect(line.isOpen)
    }

    @Test("interim answers are passed over, within reason")
    func interim() throws {
        let line = try HTTP1Line()
        let (told, _, _) = try line.send()
        line.say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + Self.ok)
        #expect(told.answer?.status == 200)
        let again = try line.send()
        line.say(String(repeating: "HTTP/1.1 103 Early Hints\r\n\r\n", count: 17))
        #expect(again.told.failure == .endedWithoutAnswer(reason: "too many interim answers"))
        #expect(!line.isOpen)
    }

    @Test(
        "what is no proper answer is none, and its connection is not used again",
        arguments: [
            "garbage\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/2 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n\r\nhello",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nNo Colon\r\n\r\n", "HTTP/1.1 200 OK\r\n: no name\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
            "HTTP/1.1 200 OK\r\nX: \(String(repeating: "y", count: 70_000))\r\n\r\n",
            "HTTP/1.1 200 OK\r\n" + String(repeating: "X: y\r\n", count: 300) + "\r\n",
        ])
    func improper(text: String) throws {
        let line = try HTTP1Line()
        let (told, _, _) = try line.send()
        line.say(text)
        #expect(told.results.count == 1, "\(text.prefix(60))")
        #expect(told.answer == nil)
        #expect(told.failure?.isBeforeProcessing == false)
        #expect(!line.isOpen)
        #expect(line.connection.stage == .closed)
    }

    @Test(
        "what comes behind an answer ends the connection, whole or in part, and the answer counts",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 20", "H", "garbage",
        ])
    func extraBytes(extra: String) throws {
        let line = try HTTP1Line()
        let (told, _, _) = try line.send()
        line.say(Self.ok + extra)
        #expect(told.answer?.body == Array("{}".utf8))
        #expect(told.results.count == 1)
        #expect(!line.isOpen)
        #expect(line.connection.freeStreams == 0)
    }

    @Test("what comes when nobody has asked ends the connection", arguments: ["H", "\r\n", Self.ok])
    func unasked(bytes: String) throws {
        let line = try HTTP1Line()
        let (told, _, _) = try line.send()
        line.say(Self.ok)
        #expect(told.answer?.status == 200)
        line.say(bytes)
        #expect(!line.isOpen)
        #expect(line.connection.stage == .closed)
    }

    @Test("a body that is more than a 204 may have is not taken for the next answer")
    func noContentWithBody() throws {
        let line = try HTTP1Line()
        let (told, _, _) = try line.send()
        line.say("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello")
        #expect(told.answer?.status == 204)
        #expect(!line.isOpen)
    }

    @Test(
        "a connection that is cut in an answer is an answer cut short, never a success",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        ])
    func cutShort(text: String) throws {
        let line = try HTTP1Line()
        let (told, _, _) = try line.send()
        line.say(text)
        line.hangUp()
        guard case .answerCutShort(200, _)? = told.failure else {
            Issue.record("\(told.results)")
            return
        }
        #expect(told.results.count == 1)
    }

    @Test("a kept connection that the vendor closes as we write gives no answer, and the vendor may have acted")
    func race() throws {
        let line = try HTTP1Line()
        let first = try line.send()
        line.say(Self.ok)
        #expect(first.told.answer?.status == 200)
        let second = try line.send()
        line.hangUp()
        #expect(second.told.failure == .endedWithoutAnswer(reason: "the connection was closed"))
        #expect(second.told.failure?.isBeforeProcessing == false)
    }

    @Test("an answer that does not wait for the whole request counts, and its connection is not used again")
    func early() throws {
        let line = try HTTP1Line()
        let holding = HoldingHandler()
        try line.channel.pipeline.syncOperations.addHandler(holding, position: .first)
        let (told, _, _) = try line.send(body: [UInt8](repeating: 1, count: 500_000))
        line.say(Self.ok)
        #expect(told.answer?.status == 200)
        #expect(!line.isOpen)
    }

    @Test("an answer larger than we take is given up, and so is its connection")
    func tooLarge() throws {
        let line = try HTTP1Line { $0.answerBytesMax = 10 }
        let (told, _, _) = try line.send()
        line.say("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n" + String(repeating: "x", count: 50))
        #expect(told.failure == .answerTooLarge(status: 200))
        #expect(told.results.count == 1)
        #expect(!line.isOpen)
    }

    @Test("an answer that announces more than we take is given up before it comes; one without a body is not")
    func announcedTooLarge() throws {
        let line = try HTTP1Line { $0.answerBytesMax = 10 }
        let (unchanged, _, _) = try line.send()
        line.say("HTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\n\r\n")
        #expect(unchanged.answer?.status == 304)
        let (told, _, _) = try line.send()
        line.say("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n")
        #expect(told.failure == .answerTooLarge(status: 200))
        #expect(told.results.count == 1)
        #expect(!line.isOpen)
    }

    @Test("a time-out ends the connection and is told once")
    func timeout() throws {
        let line = try HTTP1Line()
        let (told, attempt, _) = try line.send()
        attempt.deadlineReached()
        line.fixture.loop.run()
        #expect(told.results.count == 1)
        #expect(told.failure == .timedOut)
        #expect(!line.isOpen)
    }

    @Test("an idle connection is closed in time, and before the vendor says that it will")
    func idle() throws {
        let line = try HTTP1Line()
        let (_, _, _) = try line.send()
        line.say("HTTP/1.1 200 OK\r\nKeep-Alive: max=9, timeout=4\r\nContent-Length: 0\r\n\r\n")
        #expect(
            line.connection.dueAt <= line.fixture.worker.upstream.clock.now() + 3 * WorkerFixture.second + 100_000_000)
        line.connection.deadlineReached()
        line.fixture.loop.run()
        #expect(!line.isOpen)
    }

    @Test("a connection that drains finishes what is under way and closes")
    func drain() throws {
        let line = try HTTP1Line()
        let (told, _, _) = try line.send()
        line.connection.drain()
        #expect(line.isOpen)
        #expect(line.connection.freeStreams == 0)
        line.say(Self.ok)
        #expect(told.answer?.status == 200)
        #expect(!line.isOpen)
    }

    @Test("an attempt and its delegate are freed when the result is told")
    func freed() throws {
        let line = try HTTP1Line()
        weak var told: ToldAttempt?
        do { told = try line.send().told }
        #expect(told != nil)
        line.say(Self.ok)
        #expect(told == nil)
    }
}

extension String {
    fileprivate func components(before mark: String) -> Substring {
        self.firstRange(of: mark).map { self[..<$0.lowerBound] } ?? self[...]
    }
}

/// Keeps what is written from going out.
private final class HoldingHandler: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    private var promises: [EventLoopPromise<Void>] = []

    func write(context _: ChannelHandlerContext, data _: NIOAny, promise: EventLoopPromise<Void>?) {
        if let promise { self.promises.append(promise) }
    }

    func flush(context _: ChannelHandlerContext) {}

    func handlerRemoved(context _: ChannelHandlerContext) {
        for promise in self.promises { promise.fail(ChannelError.ioOnClosedChannel) }
    }
}
