internal import CNghttp2

/// The table of callbacks, one for the whole process: libnghttp2 copies its members into every session.
///
/// Every thunk finds the inbox, records, and reports success; only the body reader answers, from bytes that are
/// already there. The pointers that libnghttp2 passes die with the callback, so what is recorded is copied.
struct HTTP2SessionCallbacks: @unchecked Sendable {
    static let shared = HTTP2SessionCallbacks()

    /// `nil` when memory ran out, which libnghttp2 reports when a session is made with it.
    let pointer: OpaquePointer?

    private init() {
        var callbacks: OpaquePointer?
        guard nghttp2_session_callbacks_new(&callbacks) == 0 else {
            self.pointer = nil
            return
        }
        nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, onBeginFrame)
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, onBeginHeaders)
        nghttp2_session_callbacks_set_on_header_callback(callbacks, onHeader)
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, onFrameRecv)
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, onDataChunkRecv)
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, onStreamClose)
        nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, onInvalidFrameRecv)
        nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, onFrameNotSend)
        nghttp2_session_callbacks_set_send_data_callback(callbacks, sendData)
        self.pointer = callbacks
    }
}

/// The options of every session, one table for the whole process.
struct HTTP2SessionOptions: @unchecked Sendable {
    static let shared = HTTP2SessionOptions()

    let pointer: OpaquePointer?

    private init() {
        var options: OpaquePointer?
        guard nghttp2_option_new(&options) == 0 else {
            self.pointer = nil
            return
        }
        // Bytes are credited when they leave, not when they arrive.
        nghttp2_option_set_no_auto_window_update(options, 1)
        // Closed streams are only remembered for the priority tree, which is off.
        nghttp2_option_set_no_closed_streams(options, 1)
        // A SETTINGS frame of more entries than there are settings is an attack (CVE-2020-11080).
        nghttp2_option_set_max_settings(options, 32)
        // Resets are counted by HTTP2AbuseLimits, together with everything else that is useless: libnghttp2's own limit
        // (1,000 at once, 33 a second) would end callers that merely give up many requests now and then.
        nghttp2_option_set_stream_reset_rate_limit(options, UInt64(UInt32.max), UInt64(UInt32.max))
        self.pointer = options
    }
}

private func onBeginFrame(
    session: OpaquePointer?, header: UnsafePointer<nghttp2_frame_hd>?, userData: UnsafeMutableRawPointer?
) -> Int32 {
    guard let header else { return 0 }
    Inbox.with(userData, else: ()) { $0.beginFrame(header.pointee, of: session) }
    return 0
}

private func onBeginHeaders(
    _: OpaquePointer?, frame: UnsafePointer<nghttp2_frame>?, userData: UnsafeMutableRawPointer?
) -> Int32 {
    Inbox.with(userData, else: ()) { $0.beginFields() }
    return 0
}

private func onHeader(
    _: OpaquePointer?, _: UnsafePointer<nghttp2_frame>?,
    name: UnsafePointer<UInt8>?, nameLength: Int,
    value: UnsafePointer<UInt8>?, valueLength: Int,
    _: UInt8, userData: UnsafeMutableRawPointer?
) -> Int32 {
    let goesOn = Inbox.with(userData, else: true) {
        $0.recordField(
            name: UnsafeBufferPointer(start: name, count: nameLength),
            value: UnsafeBufferPointer(start: value, count: valueLength))
    }
    return goesOn ? 0 : Int32(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
}

private func onFrameRecv(
    session: OpaquePointer?, frame: UnsafePointer<nghttp2_frame>?, userData: UnsafeMutableRawPointer?
) -> Int32 {
    guard let frame else { return 0 }
    Inbox.with(userData, else: ()) { $0.recordFrame(frame.pointee, of: session) }
    return 0
}

private func onDataChunkRecv(
    _: OpaquePointer?, _: UInt8, streamID: Int32,
    data: UnsafePointer<UInt8>?, length: Int, userData: UnsafeMutableRawPointer?
) -> Int32 {
    Inbox.with(userData, else: ()) {
        $0.recordData(streamID: streamID, bytes: UnsafeRawBufferPointer(start: data, count: length))
    }
    return 0
}

private func onStreamClose(
    _: OpaquePointer?, streamID: Int32, code: UInt32, userData: UnsafeMutableRawPointer?
) -> Int32 {
    Inbox.with(userData, else: ()) {
        $0.recordClose(streamID: streamID, code: HTTP2ErrorCode(rawValue: code))
    }
    return 0
}

private func onInvalidFrameRecv(
    _: OpaquePointer?, frame: UnsafePointer<nghttp2_frame>?, _: Int32,
    userData: UnsafeMutableRawPointer?
) -> Int32 {
    Inbox.with(userData, else: ()) { $0.recordGlitch(streamID: frame?.pointee.hd.stream_id ?? 0) }
    return 0
}

private func onFrameNotSend(
    _: OpaquePointer?, frame: UnsafePointer<nghttp2_frame>?, _: Int32,
    userData: UnsafeMutableRawPointer?
) -> Int32 {
    guard let frame else { return 0 }
    Inbox.with(userData, else: ()) { $0.recordNotSent(frame.pointee) }
    return 0
}

/// Writes a DATA frame from the stream's own bytes straight into the output, without a copy in between.
private func sendData(
    _: OpaquePointer?, _: UnsafeMutablePointer<nghttp2_frame>?,
    frameHeader: UnsafePointer<UInt8>?, length: Int,
    source: UnsafeMutablePointer<nghttp2_data_source>?, userData: UnsafeMutableRawPointer?
) -> Int32 {
    let failure = Int32(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)
    guard let frameHeader, let source else { return failure }
    return Inbox.with(userData, else: failure) { inbox in
        // libnghttp2 keeps the frame and asks again with the next `writeOutput`.
        guard inbox.hasOutputSpace else { return Int32(NGHTTP2_ERR_WOULDBLOCK.rawValue) }
        let isWritten = inbox.writeBody(slot: Int(source.pointee.fd), header: frameHeader, count: length)
        return isWritten ? 0 : failure
    }
}

/// Tells libnghttp2 how much of a body goes into the next DATA frame.
func readBody(
    _: OpaquePointer?, streamID: Int32, _: UnsafeMutablePointer<UInt8>?, length: Int,
    flags: UnsafeMutablePointer<UInt32>?, source: UnsafeMutablePointer<nghttp2_data_source>?,
    userData: UnsafeMutableRawPointer?
) -> Int {
    let failure = Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
    guard let flags, let source else { return failure }
    let slot = Int(source.pointee.fd)
    let remaining = Inbox.with(userData, else: failure) { $0.bodyBytesRemaining(slot: slot) }
    guard remaining >= 0 else { return failure }
    let count = min(remaining, length)
    flags.pointee |= NGHTTP2_DATA_FLAG_NO_COPY.rawValue
    if count == remaining {
        if Inbox.with(userData, else: false, { $0.isBodyOpen(slot: slot) }) {
            // `extendBody` has libnghttp2 ask again.
            return count > 0 ? count : Int(NGHTTP2_ERR_DEFERRED.rawValue)
        }
        flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
    }
    return count
}
