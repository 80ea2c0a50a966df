internal import CNghttp2

/// Bodies that are sent piece by piece: while nothing of one is there the stream waits, and the others go on.
extension HTTP2Session {
    /// Answers a request with a body that `extendBody` brings, piece by piece. The fields go out with the next
    /// `writeOutput`.
    package func submitOpenResponse(streamID: Int32, fields: HTTP2FieldList) throws(HTTP2Error) {
        guard nghttp2_session_find_stream(self.session, streamID) != nil,
            !self.inbox.hasBody(streamID)
        else { throw .streamClosed }
        let slot = self.inbox.holdBody([], of: streamID, isOpen: true)
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

    /// Sends a request with a body that `extendBody` brings; the result is its stream. `canSubmitRequest` comes first.
    package func submitOpenRequest(fields: HTTP2FieldList) throws(HTTP2Error) -> Int32 {
        let nextID = Int32(clamping: nghttp2_session_get_next_stream_id(self.session))
        let slot = self.inbox.holdBody([], of: nextID, isOpen: true)
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

    /// Sends the next piece of an open body, or its end, as the peer's windows allow.
    ///
    /// What has not been written is held here: whoever brings it looks at `unsentBytes` and stops in time.
    ///
    /// - Returns: false where the stream is over, or its body not open.
    package func extendBody(of streamID: Int32, by bytes: [UInt8], isEnd: Bool = false) -> Bool {
        guard self.inbox.extendBody(of: streamID, by: bytes, isEnd: isEnd) else { return false }
        // An error says no more than that the stream does not wait for its body: it has something to send already.
        _ = nghttp2_session_resume_data(self.session, streamID)
        return true
    }
}
