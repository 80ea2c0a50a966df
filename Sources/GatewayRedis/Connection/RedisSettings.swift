package import GatewayTLS

/// How a server is reached.
package struct RedisSettings: Sendable {
    package var host: String
    package var port: Int
    /// Nil: without TLS.
    package var tls: TLSContext?
    /// Nil: the server's default user.
    package var user: String?
    /// Nil: without a password.
    package var password: [UInt8]?
    package var database: Int
    /// What our keys begin with.
    package var prefix: String

    package init(
        host: String, port: Int, tls: TLSContext? = nil, user: String? = nil, password: [UInt8]? = nil,
        database: Int = 0, prefix: String = "product-gateway:key:"
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.user = user
        self.password = password
        self.database = database
        self.prefix = prefix
    }
}
