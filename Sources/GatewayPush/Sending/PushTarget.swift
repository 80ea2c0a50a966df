package import GatewayTLS

/// Where lines are pushed to, and as whom.
package struct PushTarget: Sendable {
    package var host: String
    package var port: Int
    /// Nil: without TLS, with prior knowledge of HTTP/2.
    package var tls: TLSContext?
    /// As it stands in the URL, for `:authority`.
    package var authority: String
    /// With the query.
    package var path: String
    /// Where the gateway tells what it knows of a stream, without the stream's key.
    package var inquiryPath: String
    /// Names in lower case, and values; never shown.
    package var fields: [(name: String, value: String)]
    /// Says in a few words why a connection could not be made, or broke.
    package var describe: @Sendable (any Error) -> String

    package init(
        host: String, port: Int, tls: TLSContext?, authority: String, path: String, inquiryPath: String,
        fields: [(name: String, value: String)], describe: @escaping @Sendable (any Error) -> String
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.authority = authority
        self.path = path
        self.inquiryPath = inquiryPath
        self.fields = fields
        self.describe = describe
    }
}
