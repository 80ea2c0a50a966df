import GatewayConfiguration

/// The endpoints and token sources of a configuration, by what they are made of, so that what is equal is one object:
/// among the targets of one configuration, and from one configuration to the next.
///
/// Connections, TLS sessions and tokens belong to these objects. So targets that agree in an endpoint share them, and a
/// reload leaves whatever it has not changed as it is.
struct SharedConnections: Sendable {
    /// All that decides how a vendor is reached, as configured.
    struct EndpointKey: Hashable {
        enum Use {
            case products
            /// Tokens go over connections of their own: updates that fill a vendor's connections are not to keep away
            /// the token that they need.
            case tokens

            var role: UpstreamRole { self == .tokens ? .tokenEndpoint : .vendor }
        }

        let use: Use
        let scheme: HTTPURL.Scheme
        let host: String
        let port: Int
        /// Nil without TLS.
        let tls: TLSKey?
        let connections: TargetConnections
        let queue: TargetQueue
        let connectTimeout: Duration
        let keepsOtherFields: Bool
    }

    /// All that decides how a vendor is verified and what it is shown.
    struct TLSKey: Hashable {
        let serverName: String
        /// Of the context: authorities, certificate and key, versions.
        let fingerprint: [UInt8]
        /// Where the system's authorities are trusted: the state of their files.
        let systemAuthorities: [FileState?]
    }

    struct TokenSourceKey: Hashable {
        let endpoint: EndpointKey
        let request: OAuth2TokenRequest
        let renewBefore: Duration
    }

    /// All that a target's health depends on. Another vendor, or other bounds, begin well.
    struct HealthKey: Hashable {
        let target: String
        let endpoint: EndpointKey
        let settings: HealthSettings
    }

    private var health: [HealthKey: TargetHealth] = [:]
    private var endpoints: [EndpointKey: UpstreamEndpoint] = [:]
    private var tokenSources: [TokenSourceKey: OAuth2TokenSource] = [:]

    /// Takes on what was asked for before and is asked for again; what nobody asks for again is left out.
    struct Builder {
        private let inForce: SharedConnections
        private(set) var connections = SharedConnections()

        init(inForce: SharedConnections?) {
            self.inForce = inForce ?? SharedConnections()
        }

        /// The one endpoint of this value; made where there is none yet, neither here nor in force.
        mutating func endpoint(_ key: EndpointKey, make: () -> UpstreamEndpoint) -> UpstreamEndpoint {
            let endpoint = self.connections.endpoints[key] ?? self.inForce.endpoints[key] ?? make()
            self.connections.endpoints[key] = endpoint
            return endpoint
        }

        /// The one health of this value, likewise.
        mutating func health(_ key: HealthKey) -> TargetHealth {
            let health = self.connections.health[key] ?? self.inForce.health[key] ?? TargetHealth(key.settings)
            self.connections.health[key] = health
            return health
        }

        /// The one source of tokens of this value, likewise.
        mutating func tokenSource(_ key: TokenSourceKey, make: () -> OAuth2TokenSource) -> OAuth2TokenSource {
            let source = self.connections.tokenSources[key] ?? self.inForce.tokenSources[key] ?? make()
            self.connections.tokenSources[key] = source
            return source
        }
    }
}
