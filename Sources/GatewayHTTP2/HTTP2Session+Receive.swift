internal import CNghttp2
import GatewayHTTP

extension HTTP2Session {
    /// Reads frames from `bytes` and then delivers what they brought, in order.
    ///
    /// `deliver` may call anything but `receive`: libnghttp2 has returned by then. What it brings about by writing is
    /// delivered in its turn. After an error the
    /// session is of no more use than to send what `writeOutput` still has (a GOAWAY) and to be closed; the events
    /// before the error have been delivered.
    ///
    /// - Parameter now: the time in nanoseconds, from any fixed start.
    package func receive(
        _ bytes: UnsafeRawBufferPointer, now nanoseconds: UInt64,
        deliver: (HTTP2SessionEvent) -> Void
    ) throws(HTTP2Error) {
        self.inbox.beginRead(queued: nghttp2_session_get_outbound_queue_size(self.session))
        let code = nghttp2_session_mem_recv(
            self.session, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
        self.inbox.suspendSection()
        let found = self.frameWatch.find(in: bytes)
        self.inbox.charge(found)
        if let code = found.violation ?? (self.inbox.isWindowOverflown ? .flowControlError : nil) {
            // Only memory can run out here, and then nothing is left but to close.
            nghttp2_session_terminate_session(self.session, code.rawValue)
        }
        let cost = self.inbox.takeCost()
        self.deliverRecords(deliver)
        guard code >= 0 else { throw .library(Int32(clamping: code), during: .receive) }
        guard self.abuse.record(cost: cost, now: nanoseconds) else {
            throw .peerExceeded(.controlFrames)
        }
        guard nghttp2_session_get_outbound_queue_size(self.session) <= HTTP2AbuseLimits.queuedOutputMax
        else {
            throw .peerExceeded(.queuedOutput)
        }
    }

    /// Whether a header section has begun and not ended: until it does nothing else can come (RFC 9113 section 4.3).
    package var isReceivingFields: Bool { self.inbox.isSectionOpen }

    /// Delivers what writing has brought to light: streams that ended with their last frame, requests not sent.
    package func deliverPending(_ deliver: (HTTP2SessionEvent) -> Void) {
        self.deliverRecords(deliver)
    }

    private func deliverRecords(_ deliver: (HTTP2SessionEvent) -> Void) {
        // Called again from within `deliver`, this leaves what is new to the loop that is running already.
        guard !self.isDelivering else { return }
        self.isDelivering = true
        self.inbox.storage.fields.beginDelivery()
        defer {
            self.isDelivering = false
            self.inbox.storage.fields.endDelivery()
        }
        var index = 0
        while index < self.inbox.records.count {
            switch self.inbox.records[index] {
            case .event(let event):
                deliver(event)
            case .fields(let streamID, let entries, let isEnd, let isInterim):
                let fields = ReceivedFields(store: self.inbox.storage.fields, entries: entries)
                if isInterim, self.role == .client {
                    deliver(.interimResponse(streamID: streamID, fields: fields))
                } else {
                    deliver(.message(streamID: streamID, fields: fields, isEnd: isEnd))
                }
            }
            index += 1
        }
        self.inbox.removeRecords()
    }
}
