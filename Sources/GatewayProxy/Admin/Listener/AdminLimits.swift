import NIOCore
import NIOHTTP1

/// What operators' connections may take. Constants, because no operator has a reason to change one; tests pass others.
struct AdminLimits: Sendable {
    /// Prometheus, the kubelet and some people with a browser each. One more makes the oldest give way.
    var connections = 64
    /// For all of a request, from its first byte, or from the connection's beginning. Whoever asks sends one segment.
    var requestTimeout = TimeAmount.seconds(5)
    /// For making an answer and handing all of it to the kernel: Prometheus gives up a scrape after as long.
    var answerTimeout = TimeAmount.seconds(10)
    /// Between two requests: twice Prometheus' usual minute between scrapes, so that it can keep its connection.
    var idleTimeout = TimeAmount.seconds(120)
    /// Answers of all connections together that have not been handed to the kernel: a few scrapes of a gateway with a
    /// hundred targets each. More makes the slowest readers give way.
    var unreadBytes = 16 * 1024 * 1024
    /// Requests that one connection may have waiting behind the one being answered: more than one read can bring. What
    /// comes at the end of the input, which is taken in at once however much it is, may be more.
    var pipelinedRequests = 256
    /// What is read at once. Small, because requests are, and what has been read cannot be left with the kernel.
    var readBytes = 4096
    /// Kernel memory for what one connection has sent and has not read. The kernel would grow the first to 6 MiB and
    /// the second to 4 MiB.
    var receiveBufferBytes = 64 * 1024
    var sendBufferBytes = 256 * 1024

    /// A browser's head with its cookies for `localhost` has a few KiB.
    static var head: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 16 * 1024
        limits.maxHeaderListSize = 32 * 1024
        limits.maxHeaderFieldCount = 100
        return limits
    }
}
