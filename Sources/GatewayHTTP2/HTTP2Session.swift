internal import CNghttp2
import Synchronization

/// One HTTP/2 engine: bytes in, events out; submissions in, bytes out. Performs no I/O.
///
/// Owns an `nghttp2_session`. Confined to one event loop. libnghttp2 calls back only inside `receive` and
/// `writeOutput`; the callbacks record into `inbox` and never act, so no code of the gateway ever runs while
/// libnghttp2 is on the stack and nothing can re-enter it (its guide forbids that). Flow control is the caller's: bytes
/// received stay counted until `consume` says that they have left.
package final class HTTP2Session {
    package enum Role: Sendable { case server, client }

    let session: OpaquePointer  // nghttp2_session *
    /// libnghttp2's user_data; released after `session`.
    let inbox: Inbox
    package let role: Role
    package let limits: HTTP2Limits
    var abuse = HTTP2AbuseLimits()
    var isDelivering = false
    var frameWatch: FrameWatch

    /// - Parameter storage: one for each event loop.
    package init(
        _ role: Role, limits: HTTP2Limits = HTTP2Limits(), storage: HTTP2SessionStorage
    ) throws(HTTP2Error) {
        guard let callbacks = HTTP2SessionCallbacks.shared.pointer,
            let options = HTTP2SessionOptions.shared.pointer
        else { throw .library(Int32(NGHTTP2_ERR_NOMEM.rawValue), during: .sessionCreation) }
        let inbox = Inbox(role: role, limits: limits, storage: storage)
        let userData = Unmanaged.passUnretained(inbox).toOpaque()
        var session: OpaquePointer?
        // libnghttp2 copies what it is told of the memory; the inbox keeps the memory itself.
        var memory = storage.blocks.memory
        let code =
            switch role {
            case .server:
                nghttp2_session_server_new3(&session, callbacks, userData, options, &memory)
            case .client:
                nghttp2_session_client_new3(&session, callbacks, userData, options, &memory)
            }
        guard code == 0, let session else { throw .library(code, during: .sessionCreation) }
        self.session = session
        self.inbox = inbox
        self.role = role
        self.frameWatch = FrameWatch(role: role, streamsMax: limits.streamsConcurrentMax)
        self.limits = limits
        HTTP2Session.liveCounter.wrappingAdd(1, ordering: .relaxed)
        try self.submitPreface()
    }

    deinit {
        nghttp2_session_del(self.session)
        HTTP2Session.liveCounter.wrappingSubtract(1, ordering: .relaxed)
    }

    /// Our SETTINGS and the connection's window: what the first `writeOutput` sends.
    private func submitPreface() throws(HTTP2Error) {
        var settings = [
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE.rawValue),
                value: UInt32(clamping: self.limits.streamWindowBytes)),
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE.rawValue),
                value: UInt32(clamping: self.limits.fieldSectionBytesMax)),
            // RFC 9218 section 2.1: the old priority tree is not used, which also disarms its attacks.
            nghttp2_settings_entry(
                settings_id: Int32(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES.rawValue), value: 1),
        ]
        switch self.role {
        case .server:
            settings.append(
                nghttp2_settings_entry(
                    settings_id: Int32(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS.rawValue),
                    value: UInt32(clamping: self.limits.streamsConcurrentMax)))
        case .client:
            settings.append(
                nghttp2_settings_entry(
                    settings_id: Int32(NGHTTP2_SETTINGS_ENABLE_PUSH.rawValue), value: 0))
        }
        try self.check(
            nghttp2_submit_settings(
                self.session, UInt8(NGHTTP2_FLAG_NONE.rawValue), settings, settings.count))
        try self.check(
            nghttp2_session_set_local_window_size(
                self.session, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0,
                Int32(clamping: self.limits.connectionWindowBytes)))
    }

    func check(_ code: Int32) throws(HTTP2Error) {
        guard code == 0 else { throw .library(code, during: .submission) }
    }

    /// How many sessions exist in the process: zero when nothing leaks.
    package static var liveCount: Int { self.liveCounter.load(ordering: .relaxed) }
    private static let liveCounter = Atomic<Int>(0)
}
