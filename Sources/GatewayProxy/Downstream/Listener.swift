import GatewayTLS
import Glibc
import NIOCore
import NIOPosix

/// One worker's listening socket: accepts callers and gives each a pipeline.
enum Listener {
    /// Connections that wait to be accepted: what a burst of new callers needs while the worker is busy.
    private static let backlog = 1024
    private static let reusePort = ChannelOptions.Types.SocketOption(
        level: .socket, name: NIOBSDSocket.Option(rawValue: SO_REUSEPORT))

    /// Binds with `SO_REUSEPORT`, so that each worker has a socket of its own and the kernel spreads the callers.
    static func bind(
        worker: Worker, host: String, port: Int, certificate: ListenerCertificate?
    ) -> EventLoopFuture<any Channel> {
        let bound = NIOLoopBound(worker, eventLoop: worker.eventLoop)
        return ServerBootstrap(group: worker.eventLoop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(Self.reusePort, value: 1)
            .serverChannelOption(.backlog, value: Int32(Self.backlog))
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 16384, maximum: 65536))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Self.configure(channel, worker: bound.value, tls: certificate?.current)
                }
            }
            .bind(host: host, port: port)
    }

    private static func configure(_ channel: any Channel, worker: Worker, tls: TLSContext?) throws {
        guard worker.hasRoomForConnection else { throw ChannelError.ioOnClosedChannel }
        let pipeline = channel.pipeline.syncOperations
        if let tls {
            try pipeline.addHandler(
                TLSHandler(
                    connection: TLSConnection(context: tls), scratch: worker.tlsScratch))
        }
        try pipeline.addHandler(DownstreamConnection(worker: worker, isTLS: tls != nil))
    }
}
