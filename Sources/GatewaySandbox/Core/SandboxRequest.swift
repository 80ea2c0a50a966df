/// One complete request as a stand-in sees it, with nothing of the transport but the numbers of connection and stream.
package struct SandboxRequest: Sendable {
    package var method: String
    package var scheme: String
    package var authority: String
    /// Path and query exactly as they came, still percent-encoded.
    package var path: String
    package var headers: [SandboxHeader]
    package var body: [UInt8]
    /// Counts the sandbox's connections from 1; nil when there is none (tests of the transport-free part).
    package var connection: Int?
    package var stream: Int?

    package init(
        method: String, scheme: String = "https", authority: String = "sandbox", path: String,
        headers: [SandboxHeader] = [], body: [UInt8] = [], connection: Int? = nil, stream: Int? = nil
    ) {
        self.method = method
        self.scheme = scheme
        self.authority = authority
        self.path = path
        self.headers = headers
        self.body = body
        self.connection = connection
        self.stream = stream
    }
}
