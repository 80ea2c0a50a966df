internal import CNghttp2
package import NIOCore

extension HTTP2Session {
    /// Answers a request. The answer goes out with the next `writeOutput`.
    package func submitResponse(
        streamID: Int32, fields: HTTP2FieldList, body: [UInt8]
    ) throws(HTTP2Error) {
        guard nghttp2_session_find_stream(self.session, streamID) != nil,
            !self.inbox.hasBody(streamID)
        else { throw .streamClosed }
        guard !body.isEmpty else {
            try self.check(
                fields.withPairs { nghttp2_submit_response(self.session, streamID, $0, $1, nil) })
            return
        }
        let slot = self.inbox.holdBody(body, of: streamID)
        var provider = nghttp2_data_provider(
            source: nghttp2_data_source(fd: Int32(truncatingIfNeeded: slot)), read_callback: readBody)
        let code = fields.withPairs {
            nghttp2_submit_response(self.session, streamID, $0, $1, &provider)
        }
        guard code == 0 else {
            self.inbox.releaseBody(of: streamID)
            throw .library(code, during: .submission)
        }
    }

    /// Sends an interim response, such as `100 Continue` (RFC 9110 section 15.2).
    package func submitInterimResponse(
        streamID: Int32, fields: HTTP2FieldList
    ) throws(HTTP2Error) {
        let code = fields.withPairs {
            nghttp2_submit_headers(
                self.session, UInt8(NGHTTP2_FLAG_NONE.rawValue), streamID, nil, $0, $1, nil)
        }
        guard code >= 0 else { throw .library(code, during: .submission) }
    }

    /// Sends a request; the result is its stream.
    ///
    /// The caller sees to `canSubmitRequest` first: beyond the peer's limit libnghttp2 would queue without bound.
    package func submitRequest(
        fields: HTTP2FieldList, body: [UInt8]
    ) throws(HTTP2Error) -> Int32 {
        guard !body.isEmpty else {
            let streamID = fields.withPairs {
                nghttp2_submit_request(self.session, nil, $0, $1, nil, nil)
            }
            guard streamID > 0 else { throw .library(streamID, during: .submission) }
            return streamID
        }
        // The stream that the request is about to get; a session that has used its numbers up gets none.
        let nextID = Int32(clamping: nghttp2_session_get_next_stream_id(self.session))
        let slot = self.inbox.holdBody(body, of: nextID)
        var provider = nghttp2_data_provider(
            source: nghttp2_data_source(fd: Int32(truncatingIfNeeded: slot)), read_callback: readBody)
        let streamID = fields.withPairs {
            nghttp2_submit_request(self.session, nil, $0, $1, &provider, nil)
        }
        guard streamID > 0 else {
            self.inbox.releaseBody(of: nextID)
            throw .library(streamID, during: .submission)
        }
        return streamID
    }

    /// Whether a request may be submitted at all: no GOAWAY has come, stream numbers are left.
    package var canSubmitRequest: Bool {
        nghttp2_session_check_request_allowed(self.session) != 0
    }

    /// How many streams the peer lets us have open at once (SETTINGS_MAX_CONCURRENT_STREAMS).
    package var remoteStreamsConcurrentMax: Int {
        Int(
            nghttp2_session_get_remote_settings(
                self.session, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS))
    }

    /// Whether our side of the stream has ended: all of our message has been written, or the stream is over.
    package func hasSentEnd(streamID: Int32) -> Bool {
        nghttp2_session_get_stream_local_close(self.session, streamID) != 0
    }

    /// What has not been written of the body that was submitted for the stream; 0 where there is none.
    package func unsentBytes(of streamID: Int32) -> Int {
        self.inbox.unsentBytes(of: streamID)
    }

    /// Whether the peer takes more of the stream's body, as far as the stream's own window tells: the connection's may
    /// be used up by others.
    package func isWindowOpen(of streamID: Int32) -> Bool {
        nghttp2_session_get_stream_remote_window_size(self.session, streamID) > 0
    }

    /// Ends a stream at once.
    package func submitReset(streamID: Int32, code: HTTP2ErrorCode) throws(HTTP2Error) {
        try self.check(
            nghttp2_submit_rst_stream(
                self.session, UInt8(NGHTTP2_FLAG_NONE.rawValue), streamID, code.rawValue))
        self.inbox.streamGivenUp()
    }

    /// The first step of a graceful end: no new streams, please; those on their way are still taken
    /// (RFC 9113 section 6.8).
    package func submitShutdownNotice() throws(HTTP2Error) {
        try self.check(nghttp2_submit_shutdown_notice(self.session))
    }

    /// The last word: streams beyond those seen so far are not processed.
    package func submitGoAway(code: HTTP2ErrorCode) throws(HTTP2Error) {
        try self.check(
            nghttp2_submit_goaway(
                self.session, UInt8(NGHTTP2_FLAG_NONE.rawValue),
                nghttp2_session_get_last_proc_stream_id(self.session), code.rawValue, nil, 0))
    }

    /// Asks the peer for a sign of life; `pingAcknowledged` is the answer.
    package func submitPing() throws(HTTP2Error) {
        try self.check(nghttp2_submit_ping(self.session, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil))
    }

    /// Gives `count` received body bytes back to the connection's window.
    package func consumeConnection(_ count: Int) throws(HTTP2Error) {
        try self.check(nghttp2_session_consume_connection(self.session, count))
    }

    /// Gives `count` received body bytes back to the stream's window; a closed stream is no error.
    package func consumeStream(_ streamID: Int32, _ count: Int) throws(HTTP2Error) {
        try self.check(nghttp2_session_consume_stream(self.session, streamID, count))
    }

    /// Appends frames to `buffer` until there are no more or it holds `maximum` bytes or more.
    ///
    /// The result says whether there may be more. Call `deliverPending` afterwards.
    package func writeOutput(
        into buffer: inout ByteBuffer, maximum: Int
    ) throws(HTTP2Error) -> Bool {
        swap(&self.inbox.output, &buffer)
        defer { swap(&self.inbox.output, &buffer) }
        self.inbox.outputMaximum = maximum
        while self.inbox.output.readableBytes < maximum {
            var bytes: UnsafePointer<UInt8>?
            let before = self.inbox.output.readableBytes
            let count = nghttp2_session_mem_send(self.session, &bytes)
            guard count >= 0 else { throw .library(Int32(clamping: count), during: .send) }
            if count > 0 {
                self.inbox.output.writeBytes(UnsafeRawBufferPointer(start: bytes, count: count))
            } else if self.inbox.output.readableBytes == before {
                return false
            }
        }
        return true
    }

    /// Whether anything waits to be sent.
    package var wantsWrite: Bool { nghttp2_session_want_write(self.session) != 0 }

    /// False when the session has come to its end (after a GOAWAY and its last stream).
    package var isAlive: Bool {
        nghttp2_session_want_read(self.session) != 0 || nghttp2_session_want_write(self.session) != 0
    }
}
