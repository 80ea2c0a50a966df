import NIOCore
import NIOHTTP1

/// The limits of operators' connections. Constants, because no operator has a reason to change them; tests use others.
struct AdminLimits: Sendable {
    /// Enough for Prometheus, the kubelet and some people with browsers. For one more the oldest is closed.
    var connections = 64
    /// For a complete request, from its first byte; for the first request, from the start of the connection. A request
    /// without a body fits into one TCP segment.
    var requestTimeout = TimeAmount.seconds(5)
    /// Bytes of a body: what somebody types into the workbench, as JSON in JSON. Longer ones are refused.
    var requestBody = 512 * 1024
    /// For making an answer and passing all of it to the kernel. Prometheus' default time-out of a scrape.
    var answerTimeout = TimeAmount.seconds(10)
    /// Between two requests. Twice Prometheus' default interval of a minute, so that it can keep its connection.
    var idleTimeout = TimeAmount.seconds(120)
    /// For all connections together, the bytes of answers that the kernel has not taken: a few scrapes of a gateway
    /// with hundreds of targets. For more the slowest readers are closed.
    var unreadBytes = 16 * 1024 * 1024
    /// Complete requests that may wait on one connection. One read of `readBytes` brings fewer; more can come only when
    /// the peer closes its side, because then everything that is left is delivered at once.
    var pipelinedRequests = 256
    /// The size of one read. Small, because requests are, and because the gateway must hold what it has read.
    var readBytes = 4096
    /// Kernel memory for each connection. By default Linux lets these buffers grow to 6 MiB and 4 MiB.
    var receiveBufferBytes = 64 * 1024
    var sendBufferBytes = 256 * 1024

    /// A browser's header fields, with its cookies for `localhost`, have a few KiB.
    static var head: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 16 * 1024
        limits.maxHeaderListSize = 32 * 1024
        limits.maxHeaderFieldCount = 100
        return limits
    }
}
