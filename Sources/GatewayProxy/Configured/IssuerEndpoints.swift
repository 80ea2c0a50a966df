import GatewayConfiguration
import GatewayTLS

/// Makes the endpoints at which an issuer's documents are asked for.
struct IssuerEndpoints: Sendable {
    /// The issuer's name in the configuration.
    let name: String
    /// PEM text of the authorities that may vouch for them; nil: the system's.
    let authorities: [UInt8]?

    /// A set is asked for now and then, by one worker at a time.
    private static let connectionsMax = 1
    private static let second: UInt64 = 1_000_000_000

    func endpoint(of url: HTTPURL) throws(TLSError) -> UpstreamEndpoint {
        var tls: TLSContext?
        if url.scheme == .https {
            tls = try .client(authorities: self.authorities, applicationProtocols: ["h2", "http/1.1"])
        }
        return UpstreamEndpoint(
            host: url.host, port: url.port, tls: tls, versions: tls == nil ? [.http1] : [.http2, .http1],
            connectTimeoutNanoseconds: 5 * Self.second, idleTimeoutNanoseconds: 5 * Self.second,
            pingIntervalNanoseconds: 10 * Self.second, addressLifetimeNanoseconds: 30 * Self.second,
            connectionsMax: Self.connectionsMax, http1ConnectionsMax: Self.connectionsMax, streamsMax: 1, queueMax: 8,
            queueTimeoutNanoseconds: 5 * Self.second, keepsOtherFields: true, role: .issuer(self.name))
    }

    func path(of url: HTTPURL) -> [UInt8] { Array((url.path.isEmpty ? "/" : url.path).utf8) }
}
