import GatewayJSON

/// Where callers connect.
package struct ListenerConfiguration: Sendable, Equatable {
    /// An IP address or a host name of this machine.
    package var host: String
    /// 0 lets the system choose a free port.
    package var port: Int
    /// Whether another process may listen on the same port; otherwise the gateway does not start where one does.
    package var sharePort: Bool
    /// Absent: unencrypted, HTTP/2 with prior knowledge (h2c) or HTTP/1.1.
    package var tls: ListenerTLSConfiguration?
    /// Absent: nobody is believed what it says of others.
    package var trusted: TrustedConfiguration?
}

extension ListenerConfiguration: DefaultedObject {
    init(reading reader: KeyReader) {
        self.host = reader.value(
            "host", .listenHost, default: "0.0.0.0",
            """
            The address to listen on: an IP address or a host name of this machine. `::` takes IPv6 \
            and, where the system maps it, IPv4.
            """,
            examples: ["0.0.0.0", "127.0.0.1", "::"], takesEffect: .restart)
        self.port = reader.value(
            "port", .integer(in: 0...65535, of: "a port number"), default: 8443,
            "The port to listen on; 0 lets the system choose a free one, which the log then names.",
            examples: [8443, 0], takesEffect: .restart)
        self.sharePort = reader.value(
            "sharePort", .boolean, default: false,
            """
            Whether the gateway may start where another process of the same user listens already (`SO_REUSEPORT`), so \
            that a new gateway takes over from an old one; the system then spreads callers over both. Otherwise it \
            does not start while anybody else listens there. The one that starts later decides: the system cannot keep \
            it out.
            """,
            examples: [true], takesEffect: .restart)
        self.tls = reader.optionalObject(
            "tls", ListenerTLSConfiguration.self,
            absent: "unencrypted: HTTP/2 with prior knowledge (h2c), HTTP/1.1",
            """
            The gateway's own certificate. With it callers reach the gateway over TLS: HTTP/2 by ALPN \
            (`h2`), HTTP/1.1 by ALPN (`http/1.1`) or without it.
            """,
            takesEffect: .restart)

        self.trusted = reader.optionalObject(
            "trusted", TrustedConfiguration.self, absent: "a request comes from where its connection comes from",
            """
            Balancers and proxies in front of the gateway, and what they are believed: where a request comes from, and \
            which certificate its caller has shown. The same from anybody else is not believed.
            """)

        // A wrong host counts as the default, of which nobody wants to be warned.
        let isHostValid = reader.members.node?["host"].map { $0.string == self.host } ?? true
        if isHostValid, self.tls == nil, !HTTPURL.isLoopback(host: self.host) {
            reader.members.warn(
                at: "host",
                message: """
                    without listener.tls everything callers send to \(self.host) travels unencrypted; \
                    add tls, or listen on 127.0.0.1 behind something that encrypts
                    """)
        }
    }
}
