import NIOCore

/// One connection to a vendor, as its pool and its attempts see it. `UpstreamHTTP2Connection` and
/// `UpstreamHTTP1Connection` fill it in.
///
/// A class to inherit from and no protocol: a request costs one table call to send, and no box. Confined to its
/// worker's event loop.
class PooledConnection: Deadline {
    /// In the order of a connection's life.
    enum Stage: Equatable { case ready, draining, closed }

    final let environment: UpstreamEnvironment
    final let endpoint: UpstreamEndpoint
    /// Outlives its place in the worker while a connection of it lives; gives its connections up as they close.
    final let pool: UpstreamPool
    final var stage: Stage = .ready
    /// An attempt has timed out on it, and nothing has come since: it gets no new ones.
    final var isSuspect = false
    /// Attempts that have timed out on it since it has answered one.
    final var timeoutsInARow = 0
    /// One time-out is a slow product; a second without an answer in between, on a connection that may be answering its
    /// PINGs, is a proxy that has lost its server, or a window that is never opened again.
    static let timeoutsMax = 2
    final var traffic: UpstreamTraffic
    /// The IP address it leads to, to be compared with what a new lookup finds.
    final let address: String?

    /// - Parameter traffic: what the dial has counted so far.
    init(pool: UpstreamPool, traffic: UpstreamTraffic, address: String?) {
        self.environment = pool.environment
        self.endpoint = pool.endpoint
        self.pool = pool
        self.traffic = traffic
        self.address = address
    }

    var version: UpstreamVersion { .http2 }

    /// How many more attempts the connection takes now.
    var freeStreams: Int { 0 }

    /// Adds what it needs to the pipeline of a channel that is connected, behind TLS where there is TLS.
    func install(in _: ChannelPipeline.SynchronousOperations) throws {}

    /// Sends the attempt's request; false when the connection does not take it.
    func send(_: Attempt) -> Bool { false }

    /// Ends a stream whose attempt is over for us.
    func abandon(streamID _: Int32) {}

    /// Since when nothing is under way on it; nil while something is, and where it may be shared.
    var idleSince: UInt64? { nil }

    /// An attempt has timed out: perhaps it is only slow, perhaps the vendor's host has vanished.
    ///
    /// - Parameter sentAt: when the attempt was sent.
    func suspect(sentAt _: UInt64) {}

    /// No more requests; closes when the last attempt is over.
    func drain() {}

    /// Ends it at once, with every attempt on it.
    func close() {}
}
