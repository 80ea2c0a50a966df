import GatewayTLS
import Synchronization

/// Where a vendor is reached: what has to agree for two targets to share a connection, and nothing else.
final class UpstreamEndpoint: Sendable {
    /// Who is reached there.
    let role: UpstreamRole
    let host: String
    let port: Int
    /// `nil` where the base URL says `http`.
    let tls: TLSContext?
    /// What connections of all workers have left for the next ones to resume.
    let tlsSessions = TLSSessions()
    /// What all workers have met in dialling it, so that the log tells it once.
    let dialFailures = Mutex(DialFailures())
    /// What may be spoken, preferred first; never empty. Over TLS the vendor chooses (ALPN), without it the first is
    /// spoken: HTTP/2 with prior knowledge (RFC 9113 section 3.3), or HTTP/1.1.
    let versions: [UpstreamVersion]
    /// The name to verify and to send as SNI; the host unless configured otherwise.
    let serverName: String
    /// `:authority`: the host, and the port where it is not the scheme's own.
    let authority: [UInt8]
    let connectTimeoutNanoseconds: UInt64
    let idleTimeoutNanoseconds: UInt64
    /// How long a connection on which somebody waits may be silent before it is asked for a sign of life, and then
    /// again.
    let pingIntervalNanoseconds: UInt64
    /// How long the name's addresses are used before it is looked up again.
    let addressLifetimeNanoseconds: UInt64
    /// Connections of one worker to this endpoint, where it speaks HTTP/2.
    let connectionsMax: Int
    /// The same where it speaks HTTP/1.1 only.
    let http1ConnectionsMax: Int
    /// Streams of one connection, beneath what the vendor allows.
    let streamsMax: Int
    /// Whether answers have header fields that somebody wants beside those with a meaning of their own.
    let keepsOtherFields: Bool
    /// Attempts of one worker that may wait for a stream.
    let queueMax: Int
    /// How long one of them may wait.
    let queueTimeoutNanoseconds: UInt64

    init(
        host: String, port: Int, tls: TLSContext?, serverName: String? = nil,
        versions: [UpstreamVersion] = [.http2, .http1],
        connectTimeoutNanoseconds: UInt64, idleTimeoutNanoseconds: UInt64,
        pingIntervalNanoseconds: UInt64, addressLifetimeNanoseconds: UInt64,
        connectionsMax: Int, http1ConnectionsMax: Int, streamsMax: Int, queueMax: Int,
        queueTimeoutNanoseconds: UInt64, keepsOtherFields: Bool = false, role: UpstreamRole = .vendor
    ) {
        self.role = role
        self.host = host
        self.port = port
        self.tls = tls
        self.serverName = serverName ?? host
        let bracketed = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        let schemePort = tls == nil ? 80 : 443
        self.authority = Array((port == schemePort ? bracketed : "\(bracketed):\(port)").utf8)
        self.versions = versions
        self.connectTimeoutNanoseconds = connectTimeoutNanoseconds
        self.idleTimeoutNanoseconds = idleTimeoutNanoseconds
        self.pingIntervalNanoseconds = pingIntervalNanoseconds
        self.addressLifetimeNanoseconds = addressLifetimeNanoseconds
        self.connectionsMax = connectionsMax
        self.http1ConnectionsMax = http1ConnectionsMax
        self.streamsMax = streamsMax
        self.queueMax = queueMax
        self.keepsOtherFields = keepsOtherFields
        self.queueTimeoutNanoseconds = queueTimeoutNanoseconds
    }

    /// The version where there is no choice: without TLS, or where only one is allowed.
    var onlyVersion: UpstreamVersion? {
        self.tls == nil || self.versions.count == 1 ? self.versions.first : nil
    }

    /// Connections of one worker to this endpoint, whatever it turns out to speak.
    var socketsMax: Int {
        switch self.onlyVersion {
        case .http2: self.connectionsMax
        case .http1: self.http1ConnectionsMax
        case nil: max(self.connectionsMax, self.http1ConnectionsMax)
        }
    }

    /// What is spoken after a TLS handshake; nil where it is nothing that is allowed. A vendor that knows no ALPN
    /// speaks HTTP/1.1 (RFC 9113 section 3.2 leaves it nothing else).
    func version(agreed applicationProtocol: String?) -> UpstreamVersion? {
        let name = applicationProtocol ?? UpstreamVersion.http1.applicationProtocol
        return self.versions.first { $0.applicationProtocol == name }
    }

    var scheme: StaticString { self.tls == nil ? "http" : "https" }
}
