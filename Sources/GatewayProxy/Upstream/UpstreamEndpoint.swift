import GatewayTLS

/// Where a vendor is reached: what has to agree for two targets to share a connection, and nothing else.
final class UpstreamEndpoint: Sendable {
    let host: String
    let port: Int
    /// `nil` where the base URL says `http`: HTTP/2 with prior knowledge (RFC 9113 section 3.3).
    let tls: TLSContext?
    /// The name to verify and to send as SNI; the host unless configured otherwise.
    let serverName: String
    /// `:authority`: the host, and the port where it is not the scheme's own.
    let authority: [UInt8]
    let connectTimeoutNanoseconds: UInt64
    let idleTimeoutNanoseconds: UInt64
    /// How long a connection on which somebody waits may be silent before it is asked for a sign of life, and then again.
    let pingIntervalNanoseconds: UInt64
    /// Connections of one worker to this endpoint.
    let connectionsMax: Int
    /// Streams of one connection, beneath what the vendor allows.
    let streamsMax: Int
    /// Attempts of one worker that may wait for a stream.
    let queueMax: Int
    /// How long one of them may wait.
    let queueTimeoutNanoseconds: UInt64

    init(
        host: String, port: Int, tls: TLSContext?, serverName: String? = nil,
        connectTimeoutNanoseconds: UInt64, idleTimeoutNanoseconds: UInt64,
        pingIntervalNanoseconds: UInt64,
        connectionsMax: Int, streamsMax: Int, queueMax: Int,
        queueTimeoutNanoseconds: UInt64
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.serverName = serverName ?? host
        let bracketed = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        let schemePort = tls == nil ? 80 : 443
        self.authority = Array((port == schemePort ? bracketed : "\(bracketed):\(port)").utf8)
        self.connectTimeoutNanoseconds = connectTimeoutNanoseconds
        self.idleTimeoutNanoseconds = idleTimeoutNanoseconds
        self.pingIntervalNanoseconds = pingIntervalNanoseconds
        self.connectionsMax = connectionsMax
        self.streamsMax = streamsMax
        self.queueMax = queueMax
        self.queueTimeoutNanoseconds = queueTimeoutNanoseconds
    }

    var scheme: StaticString { self.tls == nil ? "http" : "https" }
}
