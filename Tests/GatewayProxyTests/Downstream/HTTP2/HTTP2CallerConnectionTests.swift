import NIOCore
import NIOEmbedded
import Testing

@testable import GatewayHTTP2
@testable import GatewayProxy

@Suite("A caller's connection")
struct HTTP2CallerConnectionTests {
    /// A caller, and the connection that the gateway has for it.
    private struct Call {
        let fixture: WorkerFixture
        let connection: HTTP2CallerConnection
        let remote: HTTP2Remote

        init(change: (inout GatewayLimits) -> Void = { _ in }) throws {
            self.fixture = WorkerFixture(targets: [try WorkerFixture.target()], change: change)
            self.connection = self.fixture.downstreamConnection()
            let channel = EmbeddedChannel(handler: self.connection, loop: self.fixture.loop)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            self.remote = try HTTP2Remote(.client, channel: channel)
            try self.remote.talk()
        }

        var inFlight: Int { self.fixture.worker.exchanges.underWay.count }

        func fields(
            _ method: String, _ path: String, _ more: KeyValuePairs<String, String> = [:]
        ) -> HTTP2FieldList {
            let list = HTTP2FieldList()
            list.append(":method", method)
            list.append(":scheme", "https")
            list.append(":authority", "gateway.test")
            list.append(":path", path)
            for (name, value) in more { list.append(name: name, value: value) }
            return list
        }

        /// Sends a whole request and carries everything there is to carry.
        func request(
            _ method: String, _ path: String, _ more: KeyValuePairs<String, String> = [:], body: String = ""
        ) throws -> HTTP2Remote.Stream {
            let stream = try self.remote.session.submitRequest(
                fields: self.fields(method, path, more), body: Array(body.utf8))
            try self.remote.talk()
            return self.remote[stream]
        }
    }

    private static let path = "/v1/products/1?target=catalogue&dryRun=true"
    private static let json: KeyValuePairs<String, String> = ["content-type": "application/json"]

    @Test("a request for reading is answered with its fields and its document")
    func reading() throws {
        let call = try Call()
        let answer = try call.request("GET", "/v1/targets")
        #expect(answer.status == 200)
        #expect(answer.value("content-type") == "application/json")
        #expect(answer.value("content-length") == "\(answer.body.count)")
        #expect(answer.value("via") == "2 product-gateway")
        #expect(answer.value("cache-control") == "no-store")
        #expect(answer.value("date")?.hasSuffix(" GMT") == true)
        #expect(answer.value("x-request-id")?.count == 32)
        #expect(answer.text.contains("\"name\":\"catalogue\""))
        #expect(answer.closedWith == [.noError])
        #expect(call.inFlight == 0)
    }

    @Test("the caller's request id is kept if it is harmless, and replaced if not")
    func requestID() throws {
        let call = try Call()
        #expect(try call.request("GET", "/v1/targets", ["x-request-id": "mine"]).value("x-request-id") == "mine")
        let replaced = try call.request("GET", "/v1/targets", ["x-request-id": "not mine"])
        #expect(replaced.value("x-request-id")?.count == 32)
    }

    @Test("a dry run goes through the whole exchange and shows no secret")
    func dryRun() throws {
        let call = try Call()
        let answer = try call.request("PATCH", Self.path, Self.json, body: #"{"name":"1.10"}"#)
        #expect(answer.status == 200)
        #expect(answer.text.contains("\"method\":\"PUT\""))
        #expect(answer.text.contains("http://vendor.test:8080/catalogue/products/1"))
        #expect(answer.text.contains("Bearer ***"))
        #expect(!answer.text.contains("s3cret"))
        #expect(call.inFlight == 0)
    }

    @Test(
        "what the gateway refuses by itself is told as a problem, and the connection goes on",
        arguments: [
            ("GET", "/nothing", [:], "", 404), ("DELETE", "/v1/targets", [:], "", 405),
            ("PATCH", path, [:], "{}", 415), ("PATCH", path, ["content-type": "text/plain"], "{}", 415),
            ("PATCH", path, ["content-type": "application/json", "accept": "text/html"], "{}", 406),
            ("PATCH", path, ["content-type": "application/json", "content-encoding": "gzip"], "{}", 415),
            ("PATCH", path, ["content-type": "application/json"], "{", 400),
            ("PATCH", path, ["content-type": "application/json"], "", 400),
            ("PATCH", "/v1/products/1", ["content-type": "application/json"], "{}", 400),
            ("PATCH", "/v1/products/1?target=x", ["content-type": "application/json"], "{}", 404),
            ("PATCH", "/v1/products/..", ["content-type": "application/json"], "{}", 400),
            ("PATCH", "/" + String(repeating: "a", count: 1_000), [:], "", 414),
        ] as [(String, String, KeyValuePairs<String, String>, String, Int)])
    func refusals(
        method: String, path: String, fields: KeyValuePairs<String, String>, body: String, status: Int
    ) throws {
        let call = try Call()
        let answer = try call.request(method, path, fields, body: body)
        #expect(answer.status == status)
        #expect(answer.value("content-type") == "application/problem+json")
        #expect(answer.text.contains("\"outcome\":\"not_sent\""))
        #expect((answer.value("allow") != nil) == (status == 405))
        #expect(try call.request("GET", "/v1/targets").status == 200)
        #expect(call.inFlight == 0)
    }

    @Test("HEAD is answered as GET without the body, and OPTIONS with what is allowed and no length")
    func headAndOptions() throws {
        let call = try Call()
        let get = try call.request("GET", "/v1/targets")
        let head = try call.request("HEAD", "/v1/targets")
        #expect(head.status == 200)
        #expect(head.value("content-length") == "\(get.body.count)")
        #expect(head.body == [])
        let options = try call.request("OPTIONS", "/v1/products/1")
        #expect(options.status == 204)
        #expect(options.value("allow") == "GET, HEAD, PATCH, PUT, OPTIONS")
        #expect(options.value("content-length") == nil)
    }

    @Test("whoever holds its body back for a 100 Continue is asked for it, unless the answer is no already")
    func expectContinue() throws {
        let call = try Call()
        let fields: KeyValuePairs<String, String> = [
            "content-type": "application/json", "expect": "100-continue",
        ]
        #expect(try call.request("PATCH", Self.path, fields, body: "{}").interimStatuses == [100])
        let refused = try call.request("PATCH", "/nothing", fields, body: "{}")
        #expect(refused.interimStatuses == [])
        #expect(refused.status == 404)
    }

    @Test("too large a body is refused as soon as that is known, and the rest of it is taken and not kept")
    func tooLarge() throws {
        let call = try Call()
        let body = String(repeating: "x", count: 300_000)
        let unannounced = try call.request("PATCH", Self.path, Self.json, body: body)
        #expect(unannounced.status == 413)
        #expect(unannounced.isEnded)
        #expect(unannounced.closedWith == [.noError], "the caller comes to its end although it did not read on the way")
        let announced = try call.request(
            "PATCH", Self.path, ["content-type": "application/json", "content-length": "300000"], body: body)
        #expect(announced.status == 413)
        #expect(try call.request("GET", "/v1/targets").status == 200)
        #expect(call.inFlight == 0)
    }

    @Test("too many fields are answered with a problem on their stream only")
    func oversizedFields() throws {
        let call = try Call()
        let list = call.fields("GET", "/v1/targets")
        for number in 0..<120 { list.append(name: "x-\(number)", value: "v") }
        let stream = try call.remote.session.submitRequest(fields: list, body: [])
        try call.remote.talk()
        #expect(call.remote[stream].status == 431)
        #expect(try call.request("GET", "/v1/targets").status == 200)
    }

    @Test("oversized trailers end a request as any others do: one exchange, one answer")
    func oversizedTrailers() throws {
        let call = try Call()
        call.remote.isDeaf = true
        let request = [
            (":method", "PATCH"), (":scheme", "https"), (":authority", "a"), (":path", Self.path),
            ("content-type", "application/json"),
        ]
        try call.remote.talk(
            raw: RawBytes.headers(1, request, isEnd: false) + RawBytes.frame(0, stream: 1, Array("{}".utf8))
                + RawBytes.headers(1, (0..<110).map { ("x-\($0)", "v") }, isEnd: true))
        #expect(call.remote.frames.count { $0.kind == 1 && $0.stream == 1 } == 1)
        #expect(call.inFlight == 0)
        #expect(call.connection.isScheduled, "the idle time runs again")
    }

    @Test("a malformed request beside a good one neither ends it nor starts the idle time")
    func malformedNeighbour() throws {
        let call = try Call()
        call.remote.isDeaf = true
        let request = [
            (":method", "PATCH"), (":scheme", "https"), (":authority", "a"), (":path", Self.path),
            ("content-type", "application/json"),
        ]
        try call.remote.talk(
            raw: RawBytes.headers(1, request, isEnd: false)
                + RawBytes.headers(3, request + [("connection", "close")], isEnd: true))
        #expect(call.remote.resets(of: 3) == 1)
        #expect(call.inFlight == 1)
        #expect(!call.connection.isScheduled)
        try call.remote.talk(raw: RawBytes.frame(0, flags: 1, stream: 1, Array("{}".utf8)))
        #expect(call.remote.frames.contains { $0.kind == 1 && $0.stream == 1 })
        #expect(call.connection.isScheduled)
    }

    @Test("a broken connection is told why and closed, with all that was under way")
    func connectionError() throws {
        let call = try Call()
        _ = try call.remote.session.submitRequest(
            fields: call.fields("PATCH", Self.path, ["content-type": "application/json", "content-length": "9"]),
            body: [UInt8](repeating: 0x20, count: 9))
        try call.remote.talk(
            raw: RawBytes.headers(
                3,
                [
                    (":method", "PATCH"), (":scheme", "https"), (":authority", "a"), (":path", Self.path),
                    ("content-type", "application/json"),
                ], isEnd: false) + RawBytes.frame(0, stream: 0, [1]))
        #expect(call.remote.goAways.map(\.code) == [.protocolError])
        #expect(!call.remote.channel.isActive)
        #expect(call.inFlight == 0)
    }

    @Test("what is not HTTP/2 is closed")
    func notHTTP2() throws {
        let fixture = WorkerFixture()
        let connection = fixture.downstreamConnection()
        let channel = EmbeddedChannel(handler: connection, loop: fixture.loop)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.writeInbound(ByteBuffer(string: "GET / HTTP/1.1\r\nhost: a\r\n\r\n"))
        fixture.loop.run()
        #expect(!channel.isActive)
    }

    @Test("a flood is told to calm down and cut off")
    func flood() throws {
        let call = try Call()
        // Of a kind that nobody knows, so that it is not answered either: the remote side counts what it is sent, too.
        let unknown = RawBytes.frame(0x77, [1, 2, 3, 4, 5, 6, 7, 8])
        for _ in 0..<200 where call.remote.channel.isActive {
            try call.remote.talk(raw: [UInt8]([[UInt8]](repeating: unknown, count: 100).joined()))
        }
        #expect(call.remote.goAways.last?.code == .enhanceYourCalm)
        #expect(!call.remote.channel.isActive)
    }

    @Test("bodies that are given up half-way give their room back, however many there are")
    func givenUpBodies() throws {
        let call = try Call { limits in
            limits.connectionBytesMax = 100_000
        }
        for _ in 0..<60 {
            let stream = try call.remote.session.submitRequest(
                fields: call.fields(
                    "PATCH", Self.path, ["content-type": "application/json", "content-length": "70000"]),
                body: [UInt8](repeating: 0x20, count: 60_000) + [UInt8](repeating: 0x20, count: 10_000))
            // One step: the first window of the body, not its end.
            var buffer = ByteBuffer()
            _ = try call.remote.session.writeOutput(into: &buffer, maximum: 50_000)
            call.remote.session.deliverPending { _ in }
            try call.remote.channel.writeInbound(buffer)
            #expect(call.inFlight == 1)
            try call.remote.session.submitReset(streamID: stream, code: .cancel)
            try call.remote.talk()
            #expect(call.inFlight == 0)
        }
        let body = "{\"name\":\"" + String(repeating: "x", count: 90_000) + "\"}"
        let answer = try call.request("PATCH", Self.path, Self.json, body: body)
        #expect(answer.status != nil, "the connection's window has opened again")
        #expect(answer.status != 503)
    }

    @Test("an idle connection that is drained hears two GOAWAYs, a round trip apart, and is closed")
    func drainIdle() throws {
        let call = try Call()
        #expect(try call.request("GET", "/v1/targets").status == 200)
        call.connection.drain()
        try call.remote.talk()
        #expect(call.remote.goAways.map(\.last) == [.max])
        #expect(call.remote.channel.isActive)
        call.fixture.loop.advanceTime(by: .milliseconds(500))
        try call.remote.talk()
        // The caller's session has ended with the first; the second is on the wire all the same.
        #expect(call.remote.frames.count { $0.kind == 7 } == 2)
        #expect(!call.remote.channel.isActive)
    }

    @Test("a caller with requests under way hears the first GOAWAY when they are answered, or when that takes too long")
    func noticeIsPutOff() throws {
        let request = [
            (":method", "PATCH"), (":scheme", "https"), (":authority", "a"), (":path", Self.path),
            ("content-type", "application/json"),
        ]
        for isAnswered in [true, false] {
            let call = try Call()
            call.remote.isDeaf = true
            try call.remote.talk(raw: RawBytes.headers(1, request, isEnd: false))
            call.fixture.worker.downstream.callers.drain(within: 4_000_000_000)
            call.fixture.loop.advanceTime(by: .milliseconds(1_999))
            try call.remote.talk()
            #expect(call.remote.frames.count { $0.kind == 7 } == 0)
            if isAnswered {
                try call.remote.talk(raw: RawBytes.frame(0, flags: 1, stream: 1, Array("{}".utf8)))
            } else {
                call.fixture.loop.advanceTime(by: .milliseconds(1))
                try call.remote.talk()
            }
            #expect(call.remote.frames.count { $0.kind == 7 } == 1)
            #expect(call.remote.channel.isActive)
            call.fixture.loop.advanceTime(by: .milliseconds(500))
            try call.remote.talk()
            #expect(call.remote.frames.count { $0.kind == 7 } == 2)
            #expect(call.remote.channel.isActive != isAnswered)
        }
    }

    @Test("what is under way when draining begins is answered before the connection is closed")
    func drainBusy() throws {
        let call = try Call()
        call.remote.isDeaf = true
        let request = [
            (":method", "PATCH"), (":scheme", "https"), (":authority", "a"), (":path", Self.path),
            ("content-type", "application/json"),
        ]
        try call.remote.talk(raw: RawBytes.headers(1, request, isEnd: false))
        call.connection.drain()
        try call.remote.talk()
        call.fixture.loop.advanceTime(by: .milliseconds(500))
        try call.remote.talk()
        #expect(call.remote.channel.isActive)
        try call.remote.talk(raw: RawBytes.frame(0, flags: 1, stream: 1, Array("{}".utf8)))
        #expect(call.remote.frames.contains { $0.kind == 1 && $0.stream == 1 })
        #expect(!call.remote.channel.isActive)
        #expect(call.inFlight == 0)
    }

    @Test("a connection and its session are freed when the transport is gone, whatever was under way")
    func freed() throws {
        weak var connection: HTTP2CallerConnection?
        let fixture = WorkerFixture(targets: [try WorkerFixture.target()])
        do {
            let handler = fixture.downstreamConnection()
            connection = handler
            let channel = EmbeddedChannel(handler: handler, loop: fixture.loop)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            let remote = try HTTP2Remote(.client, channel: channel)
            try remote.talk(
                raw: RawBytes.headers(
                    1,
                    [
                        (":method", "PATCH"), (":scheme", "https"), (":authority", "a"), (":path", Self.path),
                        ("content-type", "application/json"),
                    ], isEnd: false))
            #expect(fixture.worker.exchanges.underWay.count == 1)
            try channel.close().wait()
            fixture.loop.run()
        }
        #expect(fixture.worker.exchanges.underWay.count == 0)
        #expect(connection == nil)
        #expect(fixture.worker.downstream.hasRoomForConnection)
    }
}
