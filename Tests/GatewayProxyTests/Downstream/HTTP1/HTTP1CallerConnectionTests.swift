import NIOCore
import NIOEmbedded
import Testing

@testable import GatewayProxy

@Suite("A caller's connection that speaks HTTP/1.1")
struct HTTP1CallerConnectionTests {
    /// A caller, from its first byte on: what it speaks is found out as on a listener without TLS.
    final class Caller {
        let fixture: WorkerFixture
        let channel: EmbeddedChannel
        private var received: [UInt8] = []

        init(change: (inout GatewayLimits) -> Void = { _ in }) throws {
            self.fixture = WorkerFixture(targets: [try WorkerFixture.target()], change: change)
            self.channel = EmbeddedChannel(
                handler: ProtocolChooser(environment: self.fixture.worker.downstream, isTLS: false),
                loop: self.fixture.loop)
            try self.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        var inFlight: Int { self.fixture.worker.exchanges.underWay.count }
        var connection: HTTP1CallerConnection? {
            try? self.channel.pipeline.syncOperations.handler(type: HTTP1CallerConnection.self)
        }

        /// Sends bytes in one read; the result is all that has been answered since the last time.
        @discardableResult
        func say(_ text: String) throws -> String {
            try self.channel.writeInbound(ByteBuffer(string: text))
            return try self.heard()
        }

        func heard() throws -> String {
            self.fixture.loop.run()
            var text = ""
            while let buffer = try self.channel.readOutbound(as: ByteBuffer.self) {
                text += String(decoding: buffer.readableBytesView, as: UTF8.self)
            }
            return text
        }
    }

    static let get = "GET /v1/targets HTTP/1.1\r\nHost: a\r\n\r\n"
    static let patch =
        "PATCH /v1/products/1?target=catalogue&dryRun=true HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"

    static func get(id: String, _ more: String = "") -> String {
        "GET /v1/targets HTTP/1.1\r\nHost: a\r\nX-Request-Id: \(id)\r\n\(more)\r\n"
    }

    /// The request ids of the answers, in their order.
    static func ids(_ text: String) -> [String] {
        text.split(separator: "\r\n").compactMap { line in
            line.hasPrefix("x-request-id: ") ? String(line.dropFirst("x-request-id: ".count)) : nil
        }
    }

    static func statuses(_ text: String) -> [Int] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            // An answer's status line may stand right behind the body before.
            guard let range = line.firstRange(of: "HTTP/1.1 ") else { return nil }
            return Int(line[range.upperBound...].prefix(3))
        }
    }

    @Test("an answer has a status line, its fields once, and its document; the connection stays open")
    func reading() throws {
        let caller = try Caller()
        let text = try caller.say(Self.get)
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"))
        let fields = text.components(before: "\r\n\r\n").split(separator: "\r\n").dropFirst()
            .compactMap { $0.split(separator: ":").first.map(String.init) }
        #expect(fields == ["content-type", "content-length", "date", "via", "x-request-id", "cache-control"])
        #expect(text.contains("\r\nvia: 1.1 product-gateway\r\n"))
        #expect(text.hasSuffix("}"))
        #expect(caller.channel.isActive)
        #expect(caller.inFlight == 0)
        #expect(Self.statuses(try caller.say(Self.get)) == [200])
    }

    @Test("a request may come byte by byte")
    func bytewise() throws {
        let caller = try Caller()
        var text = ""
        for character in Self.patch + "Content-Length: 14\r\n\r\n{\"name\":\"1.1\"}" {
            text += try caller.say(String(character))
        }
        #expect(Self.statuses(text) == [200])
        #expect(text.contains("\"name\":\"1.1\""))
    }

    @Test("pipelined requests are answered one after the other, in their order")
    func pipelining() throws {
        let caller = try Caller()
        let body =
            Self.patch
            + "X-Request-Id: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "2\r\n{\"\r\nd\r\nname\":\"1.10\"}\r\n0\r\nX-T: t\r\n\r\n"
        let text = try caller.say(Self.get(id: "1") + body + Self.get(id: "3"))
        #expect(Self.ids(text) == ["1", "2", "3"])
        #expect(Self.statuses(text) == [200, 200, 200])
        #expect(caller.channel.isActive)
    }

    @Test("of more pipelined requests than HTTP/2 lets open at once the first are answered, and the connection ends")
    func deepPipeline() throws {
        let caller = try Caller { $0.streamsConcurrentMax = 5 }
        let text = try caller.say((1...50).map { Self.get(id: "\($0)") }.joined())
        #expect(Self.ids(text) == ["1"])
        #expect(text.contains("connection: close"))
        #expect(!caller.channel.isActive)
        #expect(caller.inFlight == 0)
    }

    @Test(
        "the connection ends with the answer where the caller says so or cannot do otherwise",
        arguments: [
            "GET /v1/targets HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            "GET /v1/targets HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE\r\n\r\n",
            "GET /v1/targets HTTP/1.0\r\n\r\n", "GET /v1/targets HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            "GET /v1/targets HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        ])
    func lastAnswer(request: String) throws {
        let caller = try Caller()
        let text = try caller.say(request + Self.get)
        #expect(Self.statuses(text) == [200])
        #expect(text.contains("\r\nconnection: close\r\n"))
        #expect(!caller.channel.isActive)
    }

    @Test("HEAD is answered as GET without the body, OPTIONS with what is allowed and no length")
    func headAndOptions() throws {
        let caller = try Caller()
        let get = try caller.say(Self.get)
        let head = try caller.say("HEAD /v1/targets HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(head.hasSuffix("\r\n\r\n"))
        let lengths = [get, head].map { text in text.split(separator: "\r\n").first { $0.hasPrefix("content-length") } }
        #expect(lengths[0] != nil && lengths[0] == lengths[1])
        let options = try caller.say("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(options.hasPrefix("HTTP/1.1 204 No Content\r\n"))
        #expect(options.contains("\r\nallow: GET, HEAD, PATCH, POST, PUT, OPTIONS\r\n"))
        #expect(!options.contains("content-length"))
    }

    @Test("whoever holds its body back is asked for it once, unless the answer is no already; then the connection ends")
    func expectContinue() throws {
        let caller = try Caller()
        let asked = try caller.say(Self.patch + "Expect: 100-continue\r\nContent-Length: 13\r\n\r\n")
        #expect(asked == "HTTP/1.1 100 Continue\r\n\r\n")
        #expect(Self.statuses(try caller.say("{\"name\":\"ab\"}")) == [200])
        #expect(caller.channel.isActive)
        let refused = try caller.say(
            "PATCH /nothing HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 13\r\n\r\n")
        #expect(Self.statuses(refused) == [404])
        #expect(refused.contains("\r\nconnection: close\r\n"))
        #expect(!caller.channel.isActive)
    }

    @Test("nobody is asked for a body that there is not, nor in HTTP/1.0")
    func nothingToContinue() throws {
        let http11 = try Caller()
        #expect(Self.statuses(try http11.say(Self.patch + "Expect: 100-continue\r\n\r\n")) == [400])
        let http10 = try Caller()
        let head = Self.patch.replacing("HTTP/1.1", with: "HTTP/1.0")
        #expect(try http10.say(head + "Expect: 100-continue\r\nContent-Length: 13\r\n\r\n") == "")
        #expect(Self.statuses(try http10.say("{\"name\":\"ab\"}")) == [200])
    }

    @Test("an early answer leaves the connection open where the rest of the request is short, and ends it otherwise")
    func earlyAnswers() throws {
        let caller = try Caller()
        let long = "POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: "
        let short = try caller.say(long + "10\r\n\r\n12345")
        #expect(Self.statuses(short) == [404])
        #expect(!short.contains("connection: close"))
        #expect(Self.statuses(try caller.say("67890" + Self.get)) == [200])
        let another = try Caller()
        #expect(try another.say(long + "65537\r\n\r\n").contains("\r\nconnection: close\r\n"))
        try another.say(String(repeating: "x", count: 65_536))
        #expect(another.channel.isActive, "the rest is taken, so that its sender gets to the answer")
        try another.say("x")
        #expect(!another.channel.isActive)
        let silent = try Caller()
        try silent.say(long + "65537\r\n\r\n")
        silent.connection?.deadlineReached()
        #expect(!silent.channel.isActive)
        let unknown = try Caller()
        let text = try unknown.say("POST /nothing HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx")
        #expect(text.contains("\r\nconnection: close\r\n"))
        let whole = try Caller()
        let open = try whole.say(
            "POST /nothing HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n")
        #expect(Self.statuses(open) == [404])
        #expect(!open.contains("connection: close"))
    }

    @Test("a body that is too large is refused when that is known, said before or not")
    func tooLarge() throws {
        let said = try Caller()
        #expect(Self.statuses(try said.say(Self.patch + "Content-Length: 100001\r\n\r\n")) == [413])
        let unsaid = try Caller()
        var text = try unsaid.say(Self.patch + "Transfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<20 where unsaid.channel.isActive {
            text += try unsaid.say("2000\r\n" + String(repeating: "x", count: 0x2000) + "\r\n")
        }
        #expect(Self.statuses(text) == [413])
        #expect(unsaid.inFlight == 0)
    }

    @Test("a head that does not arrive in time is refused, a connection without one is closed in silence")
    func deadlines() throws {
        let slow = try Caller()
        try slow.say("GET /v1/targets HTTP/1.1\r\nHo")
        slow.connection?.deadlineReached()
        let text = try slow.heard()
        #expect(Self.statuses(text) == [400])
        #expect(text.contains("did not arrive in time"))
        #expect(!slow.channel.isActive)
        let idle = try Caller()
        try idle.say(Self.get)
        idle.connection?.deadlineReached()
        #expect(try idle.heard() == "")
        #expect(!idle.channel.isActive)
    }

    @Test("a stop gives idle connections a moment for a last request, and ends busy ones with their answer")
    func draining() throws {
        let idle = try Caller()
        try idle.say(Self.get)
        idle.connection?.drain()
        #expect(idle.channel.isActive)
        idle.connection?.deadlineReached()
        #expect(!idle.channel.isActive)
        let last = try Caller()
        try last.say(Self.get)
        last.connection?.drain()
        let answer = try last.say(Self.get)
        #expect(Self.statuses(answer) == [200])
        #expect(answer.contains("\r\nconnection: close\r\n"))
        #expect(!last.channel.isActive)
        let busy = try Caller()
        try busy.say(Self.patch + "Content-Length: 13\r\n\r\n{\"name\"")
        busy.connection?.drain()
        #expect(busy.channel.isActive)
        let text = try busy.say(":\"ab\"}" + Self.get)
        #expect(Self.statuses(text) == [200])
        #expect(text.contains("\r\nconnection: close\r\n"))
        #expect(!busy.channel.isActive)
    }

    @Test("a stop before anything is said waits for what the caller has to say", arguments: ["", "GET /v1/tar"])
    func drainingBeginning(beginning: String) throws {
        let caller = try Caller()
        try caller.say(beginning)
        try caller.channel.pipeline.syncOperations.handler(type: ProtocolChooser.self).drain()
        #expect(caller.channel.isActive)
        let text = try caller.say("GET /v1/targets HTTP/1.1\r\nHost: a\r\n\r\n".dropping(prefix: beginning))
        #expect(Self.statuses(text) == [200])
        #expect(text.contains("\r\nconnection: close\r\n"))
        #expect(!caller.channel.isActive)
    }

    @Test("a caller that leaves takes its exchange and its connection along, whatever was under way")
    func left() throws {
        weak var connection: HTTP1CallerConnection?
        for beginning in ["", "GET", Self.patch, Self.patch + "Content-Length: 13\r\n\r\n{\"name", Self.get + Self.get]
        {
            let caller = try Caller()
            try caller.say(beginning)
            connection = caller.connection
            _ = try caller.channel.close().wait()
            caller.fixture.loop.run()
            #expect(caller.inFlight == 0)
            #expect(caller.fixture.worker.downstream.hasRoomForConnection)
        }
        #expect(connection == nil)
    }
}

extension String {
    fileprivate func dropping(prefix: String) -> String { String(self.dropFirst(prefix.count)) }

    /// What stands before the first `mark`.
    fileprivate func components(before mark: String) -> String {
        self.firstRange(of: mark).map { String(self[..<$0.lowerBound]) } ?? self
    }
}
