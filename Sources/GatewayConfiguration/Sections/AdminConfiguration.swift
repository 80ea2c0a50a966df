/// Where operators, Prometheus and Kubernetes connect: `/metrics`, `/livez`, `/readyz`, `/status`.
package struct AdminConfiguration: Sendable, Equatable {
    /// An IP address or a host name of this machine.
    package var host: String
    /// 0 lets the system choose a free port.
    package var port: Int
    /// Whether `/workbench` is served.
    package var workbench: Bool
    /// SHA-256 digests of the keys of operators, in hexadecimal digits. Empty: everybody may look.
    package var keys: [String]
    /// Whether `/livez` and `/readyz` need no key.
    package var openHealthChecks: Bool
    /// Absent: unencrypted.
    package var tls: ListenerTLSConfiguration?

    private static let standardHost = "127.0.0.1"
    private static let standardPort = 9901

    /// The defaults.
    init() {
        self.host = Self.standardHost
        self.port = Self.standardPort
        self.workbench = true
        self.keys = []
        self.openHealthChecks = true
    }
}

extension AdminConfiguration: DefaultedObject {
    init(reading reader: KeyReader) {
        self.host = reader.value(
            "host", .listenHost, default: Self.standardHost,
            """
            The address of the admin listener. Without `tls` and `keySHA256` it is plain HTTP without \
            authentication: keep it on a network that only operators reach. In a pod `0.0.0.0`, so \
            that the kubelet and Prometheus can ask.
            """,
            examples: ["127.0.0.1", "0.0.0.0"], takesEffect: .restart)
        self.port = reader.value(
            "port", .integer(in: 0...65535, of: "a port number"), default: Self.standardPort,
            "The port of the admin listener; 0 lets the system choose a free one.",
            examples: [9901], takesEffect: .restart)
        self.workbench = reader.value(
            "workbench", .boolean, default: true,
            """
            Whether `/workbench` is served: a page on which to try what an update becomes for each target, and what a \
            vendor's answer becomes. It sends nothing to a vendor and shows no secret, but whoever reaches the admin \
            listener may use the gateway's translator.
            """,
            examples: [true, false])
        self.keys = reader.value(
            "keySHA256", .keyDigests, default: [],
            """
            SHA-256 digests of up to two keys (`product-gateway key new`), one of which operators and Prometheus have \
            to send: as `authorization: Bearer`, or as the password of Basic authorization, which browsers ask for.
            """,
            examples: [["f72ead0dffd1cd710922387418099e875af2226d26f880d3c0c6fb7da530b43d"]], takesEffect: .restart)
        self.openHealthChecks = reader.value(
            "openHealthChecks", .boolean, default: true,
            "Whether `/livez` and `/readyz` need no key.", examples: [false], takesEffect: .restart)
        self.tls = reader.optionalObject(
            "tls", ListenerTLSConfiguration.self, absent: "unencrypted",
            """
            The admin listener's own certificate, and whose certificates operators have to show (`callers`). A probe \
            has to speak HTTPS then.
            """,
            takesEffect: .restart)
    }
}
