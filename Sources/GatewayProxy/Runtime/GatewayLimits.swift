/// What the gateway takes from callers and vendors before it says no; from the configuration.
struct GatewayLimits: Sendable {
    var requestBodyBytesMax: Int
    var answerBytesMax: Int
    var streamsConcurrentMax: Int
    var fieldSectionBytesMax: Int
    var fieldsMax: Int
    /// Bytes of a path with its query.
    var pathBytesMax: Int
    /// Nesting of a body, a caller's or a vendor's.
    var jsonDepthMax: Int
    /// Targets of one request: each costs a translation and a request.
    var targetsMax: Int
    /// Connections that a worker holds open at once; further ones are closed at once.
    var connectionsMax: Int
    /// Body bytes held for one connection before its window stops opening.
    var connectionBytesMax: Int
    /// Exchanges of one connection that may still be under way after their caller has gone.
    var abandonedExchangesMax: Int
    /// From the connection's start until it is known what the caller speaks, and something in HTTP/2 has been said.
    var handshakeTimeoutNanoseconds: UInt64
    /// From the first byte of a request to the end of its header section.
    var headerTimeoutNanoseconds: UInt64
    /// A connection without requests is closed after this.
    var idleTimeoutNanoseconds: UInt64
    /// From a request's fields to the end of its body.
    var bodyTimeoutNanoseconds: UInt64
    /// From an answer to the end of its reading: a caller that does not read is cut off.
    var answerTimeoutNanoseconds: UInt64
}
