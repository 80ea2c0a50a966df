import NIOCore
import NIOEmbedded

@testable import GatewayProxy

/// An HTTP/1.1 connection to a vendor, and the raw bytes at its other end.
struct HTTP1Line {
    let fixture: WorkerFixture
    let pool: UpstreamPool
    let connection: UpstreamHTTP1Connection
    let channel: EmbeddedChannel

    init(change: (inout GatewayLimits) -> Void = { _ in }) throws {
        self.fixture = WorkerFixture(vendor: FakeVendor(), change: change)
        self.pool = UpstreamPool(
            endpoint: WorkerFixture.endpoint(versions: [.http1]), environment: self.fixture.worker.upstream)
        self.connection = UpstreamHTTP1Connection(
            pool: self.pool, traffic: UpstreamTraffic(metrics: self.pool.metrics, startedAt: 0), address: nil)
        self.channel = EmbeddedChannel(loop: self.fixture.loop)
        try self.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try self.connection.install(in: self.channel.pipeline.syncOperations)
    }

    /// Sends a request; what has gone out of it.
    func send(
        _ method: String = "PUT", path: String = "/p/1", body: [UInt8] = Array("abc".utf8),
        fields: [(name: String, value: String)] = [("accept", "application/json")]
    ) throws -> (told: ToldAttempt, attempt: Attempt, written: String) {
        let (told, attempt) = ToldAttempt.make(
            on: self.fixture.worker, method, path: path, body: body, fields: fields)
        _ = self.connection.send(attempt)
        return (told, attempt, try self.written())
    }

    func written() throws -> String {
        var text = ""
        while let buffer = try self.channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: buffer) }
        return text
    }

    /// The vendor says something. A mistake of its is not the test's.
    func say(_ text: String) {
        _ = try? self.channel.writeInbound(ByteBuffer(string: text))
        self.fixture.loop.run()
    }

    /// The vendor closes.
    func hangUp() {
        _ = try? self.channel.close().wait()
        self.fixture.loop.run()
    }

    var isOpen: Bool { self.channel.isActive }
}
