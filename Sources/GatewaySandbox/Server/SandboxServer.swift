package import GatewayTLS
package import NIOCore
import NIOPosix
import Synchronization

/// The stand-ins on a socket: HTTP/2 over TLS (ALPN `h2`), or with prior knowledge without TLS (RFC 9113 section 3.3).
///
/// One listener serves all vendors; the path tells them apart. Several servers may share one `VendorSandbox`.
/// May be used from any thread.
package final class SandboxServer: Sendable {
    /// What is behind the socket: tests in the same process may ask it directly.
    package let sandbox: VendorSandbox
    /// The port that is listened on, also when 0 was asked for.
    package let port: Int
    private let listener: any Channel
    private let connections: OpenConnections

    private init(sandbox: VendorSandbox, listener: any Channel, connections: OpenConnections) throws {
        guard let port = listener.localAddress?.port else { throw SandboxServerError.noPort }
        self.sandbox = sandbox
        self.port = port
        self.listener = listener
        self.connections = connections
    }

    /// Starts listening with stand-ins of its own.
    ///
    /// - Parameters:
    ///   - port: 0 lets the system choose; `port` tells which.
    ///   - tls: nil serves without TLS.
    package static func start(
        group: any EventLoopGroup, host: String = "127.0.0.1", port: Int = 0, tls: TLSContext? = nil,
        options: SandboxOptions = SandboxOptions()
    ) async throws -> SandboxServer {
        try await self.start(group: group, host: host, port: port, tls: tls, sandbox: VendorSandbox(options))
    }

    /// Starts listening with stand-ins that may have other listeners too.
    package static func start(
        group: any EventLoopGroup, host: String = "127.0.0.1", port: Int = 0, tls: TLSContext? = nil,
        sandbox: VendorSandbox
    ) async throws -> SandboxServer {
        let connections = OpenConnections(countMax: sandbox.options.limits.connectionsMax)
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard connections.add(channel) else { throw SandboxServerError.tooManyConnections }
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            TLSHandler(connection: TLSConnection(context: tls), scratch: TLSScratchBuffer()))
                    }
                    try channel.pipeline.syncOperations.addHandler(SandboxConnectionHandler(sandbox))
                }
            }
            .bind(host: host, port: port).get()
        return try SandboxServer(sandbox: sandbox, listener: listener, connections: connections)
    }

    /// Stops listening and closes every connection at once: a vendor that goes away does not say goodbye. Calling it
    /// again does nothing.
    package func shutdown() async throws {
        do {
            try await self.listener.close().get()
        } catch ChannelError.alreadyClosed {
            // As it was to be.
        }
        await self.connections.closeAll()
    }
}

/// Why a sandbox does not listen or does not take a connection.
package enum SandboxServerError: Error, Equatable {
    case noPort
    case tooManyConnections
}

/// The connections of a server, so that it can close them.
private final class OpenConnections: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])
    private let countMax: Int

    init(countMax: Int) {
        self.countMax = countMax
    }

    /// False when there are as many as may be.
    func add(_ channel: any Channel) -> Bool {
        let isTaken = self.channels.withLock { channels in
            guard channels.count < self.countMax else { return false }
            channels[ObjectIdentifier(channel)] = channel
            return true
        }
        guard isTaken else { return false }
        channel.closeFuture.whenComplete { _ in
            self.channels.withLock { $0[ObjectIdentifier(channel)] = nil }
        }
        return true
    }

    func closeAll() async {
        let channels = self.channels.withLock { Array($0.values) }
        for channel in channels {
            // Already closed is as good.
            try? await channel.close().get()
        }
    }
}
