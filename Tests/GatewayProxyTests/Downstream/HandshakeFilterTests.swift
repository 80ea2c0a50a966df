import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import GatewayProxy

@Suite("Closing a listening socket without turning anybody away")
struct HandshakeFilterTests {
    /// Counts what is accepted, and answers nobody.
    private final class Accepting: ChannelInboundHandler, Sendable {
        typealias InboundIn = any Channel
        let count = Atomic(0)

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.count.add(1, ordering: .relaxed)
            context.fireChannelRead(data)
        }
    }

    private static func listen(
        on loop: any EventLoop, _ accepting: Accepting, accepts: Bool = true
    ) async throws -> any Channel {
        try await ServerBootstrap(group: loop)
            .serverChannelOption(.autoRead, value: accepts)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(accepting) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    @Test("the structures have the form that the kernel reads")
    func layout() {
        #expect(MemoryLayout<HandshakeFilter.Instruction>.size == 8)
        #expect(MemoryLayout<HandshakeFilter.Instruction>.stride == 8)
        #expect(HandshakeFilter.instructions.count == 5)
    }

    @Test("with the filter no new connection begins, and one that waits is accepted before the socket closes")
    func filter() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let accepting = Accepting()
        // As a worker that has no time: what comes waits in the backlog.
        let listener = try await Self.listen(on: loop, accepting, accepts: false)
        let address = try #require(listener.localAddress)
        let early = try await ClientBootstrap(group: group).connect(to: address).get()
        #expect(accepting.count.load(ordering: .relaxed) == 0)

        try await loop.flatSubmit { HandshakeFilter.attach(to: listener) }.get()
        // The opening packet is dropped, which looks like a slow network: neither a connection nor a refusal.
        await #expect(throws: ChannelError.connectTimeout(.milliseconds(300))) {
            try await ClientBootstrap(group: group).connectTimeout(.milliseconds(300)).connect(to: address).get()
        }
        // It is that packet alone which is dropped.
        let other = try await ClientBootstrap(group: group).connect(
            to: try #require(try await Self.listen(on: loop, Accepting()).localAddress)
        ).get()
        try await other.close()

        let closed = loop.flatSubmit { Listener.close(listener) }
        try await listener.setOption(.autoRead, value: true).get()
        try await closed.get()
        #expect(accepting.count.load(ordering: .relaxed) == 1)
        #expect(!listener.isActive)
        try await early.close()
        try await group.shutdownGracefully()
    }
}
