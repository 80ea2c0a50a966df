import GatewayConfiguration
import GatewayProxy
import GatewayTLS

/// An admin listener that a command asks, and what the command shows it. Everything that a guarded listener wants of a
/// command goes through here.
struct AdminEndpoint {
    let url: HTTPURL
    let key: String?
    /// Nil without TLS.
    let tls: TLSContext?
    let serverName: String

    /// Connects and sends one `GET`.
    ///
    /// In HTTP/1.0, so that the body is what comes until the connection ends and is never in chunks.
    func get(
        query: String = "", accept: String = "*/*", agent: StaticString, deadline: Deadline
    ) throws(SocketFailure) -> AdminConnection {
        let connection = try AdminConnection(self, deadline: deadline)
        let target = (self.url.path.isEmpty ? "/" : self.url.path) + (query.isEmpty ? "" : "?" + query)
        let authorization = self.key.map { "authorization: Bearer \($0)\r\n" } ?? ""
        let request = """
            GET \(target) HTTP/1.0\r\nhost: \(self.url.authority)\r\nconnection: close\r\naccept: \(accept)\r\n\
            \(authorization)user-agent: product-gateway-\(agent)/\(GatewayVersion.string)\r\n\r\n
            """
        try connection.send(Array(request.utf8), deadline: deadline)
        return connection
    }
}
