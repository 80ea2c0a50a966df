import NIOCore
import NIOHTTP1

/// An operator's request, whole.
struct AdminRequest {
    var head: HTTPRequestHead
    var body = ByteBuffer()
    /// There was more than `AdminLimits.requestBody`: the body is not all of it.
    var isTooLarge = false
    /// Whether the operator has shown a certificate of the authorities that are configured for that.
    var hasCertificate = false

    /// Before the query.
    var path: Substring { self.head.uri.prefix { $0 != "?" } }

    /// Behind the question mark; empty where there is none.
    var query: Substring { self.head.uri.drop { $0 != "?" }.dropFirst() }
}
