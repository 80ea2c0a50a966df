package import GatewayHTTP

/// The complete list of what a peer can make happen on a session.
///
/// Past facts, in the order in which they happened. Pointers in them are valid while the event is being delivered.
package enum HTTP2SessionEvent {
    /// A request or a final response has begun. For a server `fields` is a request's, checked by libnghttp2 against
    /// RFC 9113 section 8 (pseudo fields, lower case, connection fields).
    case message(streamID: Int32, fields: ReceivedFields, isEnd: Bool)
    /// An interim response, 1xx.
    case interimResponse(streamID: Int32, fields: ReceivedFields)
    /// The header section was larger than we take; its fields are lost. `pathBytes`: the length of a request's path,
    /// where it was the path that did not fit any more, otherwise 0.
    case oversizedFields(streamID: Int32, isEnd: Bool, pathBytes: Int)
    /// Trailers have come; their fields are dropped.
    case trailers(streamID: Int32)
    /// Part of a body. The bytes count against the flow-control windows until they are consumed.
    case data(streamID: Int32, bytes: UnsafeRawBufferPointer)
    /// The peer has sent all of its message.
    case end(streamID: Int32)
    /// What came on the stream is wrong, and it will be reset: its close follows when the reset has been written.
    case streamFailed(streamID: Int32)
    /// The stream is over, by either side; nothing follows for it. `unsentBytes`: of the body that was submitted for
    /// it, what had not been written.
    case streamClosed(streamID: Int32, code: HTTP2ErrorCode, unsentBytes: Int)
    /// A request that we submitted cannot be sent on this session; the peer has not seen it.
    case requestNotSent(streamID: Int32)
    /// The peer has stated its settings.
    case settings
    /// The peer takes no streams beyond `lastStreamID`; those beyond have been closed as refused.
    case goAway(lastStreamID: Int32, code: HTTP2ErrorCode)
    /// The answer to our PING.
    case pingAcknowledged
}
