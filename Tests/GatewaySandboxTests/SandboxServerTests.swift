import GatewayHTTP2
import GatewayTLS
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import GatewaySandbox

/// The stand-ins over real sockets: every fault as a client sees it.
struct SandboxServerTests {
    private let group = MultiThreadedEventLoopGroup.singleton

    private func withServer(
        _ options: SandboxOptions = SandboxOptions(),
        _ body: (SandboxServer, SandboxClient) async throws -> Void
    ) async throws {
        let server = try await SandboxServer.start(group: self.group, options: options)
        let client = try await SandboxClient.connect(self.group, port: server.port)
        do {
            try await body(server, client)
        } catch {
            try await server.shutdown()
            throw error
        }
        try await server.shutdown()
    }

    private func update(_ id: String = "EXT-PROD-12345", name: String = "n") -> SandboxRequest {
        SandboxRequest(
            method: "PUT", scheme: "http", authority: "localhost", path: "/v2/integrations/products/\(id)",
            headers: [
                SandboxHeader("authorization", "Bearer sandbox-cor-token"),
                SandboxHeader("content-type", "application/json"),
            ],
            body: Array(#"{"metadata":{"source":"MICROSOFT_DYNAMICS"},"name":"\#(name)"}"#.utf8))
    }

    @Test("a request over h2c is answered")
    func plain() async throws {
        try await self.withServer { _, client in
            let outcome = try await client.send(self.update())
            #expect(outcome.status == 200)
            #expect(outcome.end == .complete)
            #expect(outcome.text.hasPrefix(#"{"id":52188,"name":"n","#))
            #expect(outcome.contentLength == String(outcome.body.count))
        }
    }

    @Test("a request over TLS is answered")
    func encrypted() async throws {
        let certificate = try DevelopmentCertificate()
        let server = try await SandboxServer.start(
            group: self.group,
            tls: TLSContext.server(
                certificateChain: certificate.certificate, privateKey: certificate.privateKey))
        let client = try await SandboxClient.connect(
            self.group, port: server.port, tls: TLSContext.client(authorities: certificate.certificate))
        let outcome = try await client.send(self.update())
        #expect(outcome.status == 200)
        try await client.close()
        try await server.shutdown()
    }

    @Test("many streams of one connection are answered, each with its own answer")
    func multiplexed() async throws {
        try await self.withServer { server, client in
            let answers = (0..<100).map { client.start(self.update(name: "n\($0)")) }
            for (index, answer) in answers.enumerated() {
                let outcome = try await answer.get()
                #expect(outcome.text.contains("\"name\":\"n\(index)\""))
            }
            #expect(server.sandbox.connections.withLock { $0.accepted } == 1)
        }
    }

    @Test("records tell connection and stream")
    func records() async throws {
        try await self.withServer { server, client in
            _ = try await client.send(self.update())
            _ = try await client.send(self.update())
            let exchanges = server.sandbox.recorder.withLock { $0.last(5, of: .cor) }
            #expect(exchanges.map(\.request.connection) == [1, 1])
            #expect(exchanges.map(\.request.stream) == [1, 3])
            #expect(exchanges.first?.request.authority == "localhost")
        }
    }

    @Test("close before headers: nothing of the answer arrives")
    func closeBeforeHeaders() async throws {
        try await self.withServer { _, client in
            let outcome = try await client.send(self.update("EXT-PROD-12345~close-before-headers"))
            #expect(outcome == SandboxClient.Outcome(end: .connectionClosed))
        }
    }

    @Test("close after headers: status and length arrive, no body")
    func closeAfterHeaders() async throws {
        try await self.withServer { _, client in
            let outcome = try await client.send(self.update("EXT-PROD-12345~close-after-headers"))
            #expect(outcome.status == 200)
            #expect(outcome.contentLength != nil)
            #expect(outcome.body.isEmpty)
            #expect(outcome.end == .connectionClosed)
        }
    }

    @Test("close in the middle: about half of the body arrives")
    func closeMidBody() async throws {
        try await self.withServer { _, client in
            let outcome = try await client.send(self.update("EXT-PROD-12345~close-mid-body"))
            #expect(outcome.status == 200)
            #expect(outcome.body.count == Int(outcome.contentLength ?? "").map { $0 / 2 })
            #expect(outcome.end == .connectionClosed)
        }
    }

    @Test(
        "a reset ends the stream and leaves the connection",
        arguments: [
            ("reset", HTTP2ErrorCode.internalError), ("refused-stream", .refusedStream),
        ])
    func resets(_ word: String, _ code: HTTP2ErrorCode) async throws {
        try await self.withServer { _, client in
            let outcome = try await client.send(self.update("EXT-PROD-12345~\(word)"))
            #expect(outcome == SandboxClient.Outcome(end: .streamClosed(code)))
            let plain = try await client.send(self.update())
            #expect(plain.status == 200)
        }
    }

    @Test("garbage ends the connection")
    func garbage() async throws {
        try await self.withServer { _, client in
            let outcome = try await client.send(self.update("EXT-PROD-12345~garbage"))
            #expect(outcome == SandboxClient.Outcome(end: .connectionClosed))
        }
    }

    @Test("a truncated answer ends properly, with half of a document and no length")
    func truncate() async throws {
        try await self.withServer { _, client in
            let outcome = try await client.send(self.update("EXT-PROD-12345~truncate"))
            #expect(outcome.status == 200)
            #expect(outcome.contentLength == nil)
            #expect(outcome.end == .complete)
            #expect(throws: SandboxJSONError.self) { try SandboxJSON(reading: outcome.body) }
        }
    }

    @Test("an answer that comes one byte a second comes to its end, and holds up no other")
    func dribble() async throws {
        try await self.withServer { _, client in
            let slow = client.start(self.update("EXT-PROD-12345~200-object~dribble"))
            let plain = try await client.send(self.update())
            #expect(plain.status == 200)
            let outcome = try await slow.get()
            #expect(outcome.text == "{}")
            #expect(outcome.contentLength == "2")
            #expect(outcome.end == .complete)
        }
    }

    @Test("an answer shorter than its length is a protocol error")
    func truncateLength() async throws {
        try await self.withServer { _, client in
            let outcome = try await client.send(self.update("EXT-PROD-12345~truncate-length"))
            #expect(outcome.end == .streamClosed(.protocolError))
        }
    }

    @Test("GOAWAY comes with the answer, and the connection ends")
    func goAway() async throws {
        try await self.withServer { _, client in
            let outcome = try await client.send(self.update("EXT-PROD-12345~goaway"))
            #expect(outcome.status == 200)
            #expect(outcome.end == .complete)
            try await client.isClosed.get()
        }
    }

    @Test("GOAWAY that refuses: the request counts as refused, its neighbour is answered")
    func goAwayRefused() async throws {
        try await self.withServer { server, client in
            let answered = client.start(self.update("EXT-PROD-12345~delay-20"))
            let refused = client.start(self.update("EXT-PROD-12345~goaway-refused", name: "refused"))
            let refusal = try await refused.get()
            #expect(refusal.end == .streamClosed(.refusedStream))
            let neighbour = try await answered.get()
            #expect(neighbour.status == 200)
            try await client.isClosed.get()
            #expect(!server.sandbox.heldProducts(of: .cor).contains { $0["product"]?["name"] == "refused" })
        }
    }

    @Test("a request that is never answered holds its stream until the connection ends")
    func never() async throws {
        try await self.withServer { server, client in
            let silent = client.start(self.update("EXT-PROD-12345~never"))
            let plain = try await client.send(self.update())
            #expect(plain.status == 200)
            #expect(server.sandbox.connections.withLock { $0.openStreams } == 1)
            try await server.shutdown()
            let silence = try await silent.get()
            #expect(silence == SandboxClient.Outcome(end: .connectionClosed))
        }
    }

    @Test("a delayed answer comes after one that was asked for later")
    func delay() async throws {
        try await self.withServer { _, client in
            let order = Order()
            let late = client.start(self.update("EXT-PROD-12345~delay-50"))
            let early = client.start(self.update())
            late.whenComplete { _ in order.append("late") }
            early.whenComplete { _ in order.append("early") }
            let lateOutcome = try await late.get()
            #expect(lateOutcome.status == 200)
            _ = try await early.get()
            #expect(order.names == ["early", "late"])
        }
    }

    @Test("a body beyond the windows arrives whole")
    func hugeAnswer() async throws {
        try await self.withServer { _, client in
            let outcome = try await client.send(self.update("EXT-PROD-12345~huge-2048"))
            #expect(outcome.body.count == 2048 * 1024 + #"{"padding":""}"#.utf8.count)
            #expect(outcome.end == .complete)
        }
    }

    @Test("a request body is taken up to the limit and refused beyond it")
    func largeRequest() async throws {
        var options = SandboxOptions()
        options.limits.requestBodyBytesMax = 200_000
        try await self.withServer(options) { _, client in
            var request = self.update(name: String(repeating: "n", count: 190_000))
            let taken = try await client.send(request)
            #expect(taken.status == 200)
            request.body += [UInt8](repeating: 32, count: 20_000)
            let outcome = try await client.send(request)
            #expect(outcome.status == 413)
        }
    }

    @Test("HTTP/1.1 is told what is spoken here")
    func http1() async throws {
        let server = try await SandboxServer.start(group: self.group)
        let answer = try await self.exchange(["GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"], port: server.port) { _ in
            false
        }
        #expect(answer.starts(with: "HTTP/1.1 426 Upgrade Required\r\n".utf8))
        try await server.shutdown()
    }

    @Test("a preface that comes in pieces is HTTP/2 all the same")
    func splitPreface() async throws {
        let server = try await SandboxServer.start(group: self.group)
        let answer = try await self.exchange(["P", "RI * HTTP/2.0\r\n\r\nSM", "\r\n\r\n"], port: server.port) {
            $0.count >= FrameHeader.byteCount
        }
        // SETTINGS comes first (RFC 9113 section 3.4).
        #expect(FrameHeader(answer)?.type == 0x4)
        try await server.shutdown()
    }

    /// Writes the pieces one by one and reads until it is enough or the peer closes.
    private func exchange(
        _ pieces: [String], port: Int, isEnough: @escaping @Sendable ([UInt8]) -> Bool
    ) async throws -> [UInt8] {
        try await ClientBootstrap(group: self.group)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
            .executeThenClose { inbound, outbound in
                for piece in pieces { try await outbound.write(ByteBuffer(string: piece)) }
                var bytes: [UInt8] = []
                for try await buffer in inbound {
                    bytes += buffer.readableBytesView
                    if isEnough(bytes) { break }
                }
                return bytes
            }
    }

    @Test("connections beyond the limit are closed")
    func connectionLimit() async throws {
        var options = SandboxOptions()
        options.limits.connectionsMax = 1
        try await self.withServer(options) { server, client in
            let first = try await client.send(self.update())
            #expect(first.status == 200)
            let second = try await SandboxClient.connect(self.group, port: server.port)
            let refused = try await second.send(self.update())
            #expect(refused.end == .connectionClosed)
            let plain = try await client.send(self.update())
            #expect(plain.status == 200)
        }
    }

    @Test("two listeners may share one set of stand-ins")
    func sharedState() async throws {
        try await self.withServer { server, client in
            let other = try await SandboxServer.start(group: self.group, sandbox: server.sandbox)
            // Answered before the second connects: connections are numbered as they are accepted.
            _ = try await client.send(self.update(name: "shared"))
            let second = try await SandboxClient.connect(self.group, port: other.port)
            let outcome = try await second.send(self.update("EXT-PROD-12345", name: "x"))
            #expect(outcome.status == 200)
            #expect(server.sandbox.recorder.withLock { $0.last(9, of: .cor) }.map(\.request.connection) == [1, 2])
            try await other.shutdown()
        }
    }
}

/// The order in which things happened on an event loop.
private final class Order: Sendable {
    private let list = Mutex<[String]>([])

    var names: [String] { self.list.withLock { $0 } }

    func append(_ name: String) {
        self.list.withLock { $0.append(name) }
    }
}
