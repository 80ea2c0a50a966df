internal import CNghttp2
import GatewayHTTP
import NIOCore

/// What libnghttp2's callbacks record, and the bodies that they send from: the session's user_data.
///
/// A class of its own, made before the session, so that no callback can meet a half-made session. It never calls
/// anybody.
final class Inbox {
    /// A recorded event: the same as `HTTP2SessionEvent` but for the fields, which are still positions.
    enum Record {
        case event(HTTP2SessionEvent)
        case fields(streamID: Int32, entries: Range<Int>, isEnd: Bool, isInterim: Bool)
    }

    private struct Body {
        var bytes: [UInt8] = []
        var offset = 0
        /// More of it will come: what is there is not its end.
        var isOpen = false
    }

    /// RFC 9113 section 4.1.
    private static let frameHeaderBytes = 9

    private let role: HTTP2Session.Role
    private let limits: HTTP2Limits
    /// Kept for as long as libnghttp2 may use its memory.
    let storage: HTTP2SessionStorage
    private let store: FieldStore

    private(set) var records: [Record] = []
    /// What the frames since the last look have cost; see `HTTP2AbuseLimits`.
    private var cost = 0
    private var bodyBytes = 0
    private var frameBodyBytes = 0
    /// DATA frames that libnghttp2 has let in since the last look.
    private var dataFramesTaken = 0
    /// Their payloads.
    private var dataBytesTaken = 0
    /// What a vendor may still have under way of streams that we have reset.
    private var lateBytes = 0
    /// The DATA frame that began last has neither come to its end nor been given up.
    private var isDataOpen = false
    /// Frames that waited to be sent when the last SETTINGS frame began, or the read in which it ends.
    private var queuedBeforeFrame = 0
    /// Settings have made a stream's window larger than a window may be (RFC 9113 section 6.9.2).
    private(set) var isWindowOverflown = false
    /// Where `writeOutput` collects the frames to send, and how many bytes it may hold.
    var output = ByteBuffer()
    var outputMaximum = 0

    private var sectionStart = 0
    private var sectionBytes = 0
    private var sectionFields = 0
    private var isSectionOversized = false
    /// Of the path, where the section became too large with it.
    private var oversizedPathBytes = 0
    private var isSectionResponse = false
    private var isSectionInterim = false
    /// A header section has begun and not ended.
    private(set) var isSectionOpen = false
    /// The fields of a section that goes on with the next read: the shared store is emptied in between.
    private var unfinishedSection: [(name: [UInt8], value: [UInt8])] = []

    private var bodies: [Body] = []
    private let bodySlots = StreamSlots()

    init(role: HTTP2Session.Role, limits: HTTP2Limits, storage: HTTP2SessionStorage) {
        self.role = role
        self.limits = limits
        self.storage = storage
        self.store = storage.fields
    }

    /// The one place where libnghttp2's user_data becomes an object again; the session keeps it alive, so that nothing
    /// is retained for a callback.
    @inline(__always)
    static func with<Result>(
        _ userData: UnsafeMutableRawPointer?, else failure: Result, _ body: (Inbox) -> Result
    ) -> Result {
        guard let userData else { return failure }
        return Unmanaged<Inbox>.fromOpaque(userData)._withUnsafeGuaranteedRef(body)
    }

    func removeRecords() {
        self.records.removeAll(keepingCapacity: true)
    }

    /// Charges for what libnghttp2 has passed over, of the frames that `FrameWatch` has found.
    func charge(_ found: FrameWatch.Found) {
        var dropped = found.data - self.dataFramesTaken
        if dropped > 0, self.lateBytes > 0 {
            let late = min(found.dataBytes - self.dataBytesTaken, self.lateBytes)
            self.lateBytes -= late
            dropped -= min(dropped, late)
        }
        self.cost += (found.unknown + dropped) * HTTP2AbuseLimits.controlFrameCost
        self.dataFramesTaken = 0
        self.dataBytesTaken = 0
    }

    /// We reset a stream: its vendor may have filled its window before it hears of that.
    func streamGivenUp() {
        guard self.role == .client else { return }
        self.lateBytes = min(self.lateBytes + self.limits.streamWindowBytes, self.limits.connectionWindowBytes)
    }

    /// The cost since the last call.
    func takeCost() -> Int {
        // Received and sent body bytes pay for the control frames that go with them.
        let cost = self.cost - self.bodyBytes / HTTP2AbuseLimits.bodyBytesPerCredit
        self.bodyBytes %= HTTP2AbuseLimits.bodyBytesPerCredit
        self.cost = 0
        return cost
    }

    // MARK: Received

    /// Called before every read: `queued` frames wait to be sent.
    func beginRead(queued: Int) {
        self.queuedBeforeFrame = queued
        self.resumeSection()
    }

    /// Takes up a section that an earlier read has begun.
    private func resumeSection() {
        guard self.isSectionOpen else { return }
        self.sectionStart = self.store.entryCount
        for field in self.unfinishedSection {
            let isKept = field.name.withUnsafeBufferPointer { name in
                field.value.withUnsafeBufferPointer { self.store.append(.known(name), name: name, value: $0) }
            }
            if !isKept { self.isSectionOversized = true }
        }
        self.unfinishedSection.removeAll()
    }

    /// Keeps what there is of a section that has not ended. Called after every read, before anything is delivered.
    func suspendSection() {
        guard self.isSectionOpen else { return }
        for index in self.sectionStart..<max(self.sectionStart, self.store.entryCount) {
            let field = self.store.field(at: index)
            self.unfinishedSection.append((Array(field.nameBytes), Array(field.value)))
        }
    }

    func beginFields() {
        // Charged when its frame began, in case that nothing came of it.
        self.cost -= HTTP2AbuseLimits.controlFrameCost
        self.isSectionOpen = true
        self.sectionStart = self.store.entryCount
        self.sectionBytes = 0
        self.sectionFields = 0
        self.isSectionOversized = false
        self.oversizedPathBytes = 0
        self.isSectionResponse = false
        self.isSectionInterim = false
    }

    /// False when the section has grown so far beyond the limit that decoding more of it would only be work: HPACK
    /// makes kilobytes of a byte.
    func recordField(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) -> Bool {
        // 32 bytes for each field: RFC 9113 section 6.5.2.
        self.sectionBytes += name.count + value.count + 32
        self.sectionFields += 1
        guard self.sectionBytes <= 4 * self.limits.fieldSectionBytesMax else {
            self.isSectionOpen = false
            self.streamGivenUp()
            return false
        }
        guard !self.isSectionOversized else { return true }
        let known = FieldName.known(name)
        // Patterns: `==` of another module's type is a call, and there are a dozen fields in each message.
        let isWanted = if case .other = known { self.limits.keepsOtherFields } else { true }
        var fits =
            self.sectionBytes <= self.limits.fieldSectionBytesMax && self.sectionFields <= self.limits.fieldsMax
        if fits, isWanted { fits = self.store.append(known, name: name, value: value) }
        guard fits else {
            self.isSectionOversized = true
            if case .path = known { self.oversizedPathBytes = value.count }
            return true
        }
        if case .status = known {
            self.isSectionResponse = true
            self.isSectionInterim = value.first == UInt8(ascii: "1")
        }
        return true
    }

    func beginFrame(_ header: nghttp2_frame_hd, of session: OpaquePointer?) {
        self.frameBodyBytes = 0
        if self.isDataOpen {
            // The DATA frame before had more bytes than the message's content-length, or ended it too early: libnghttp2
            // resets the stream without a word.
            self.isDataOpen = false
            self.cost += HTTP2AbuseLimits.resetCost
            self.streamGivenUp()
        }
        switch UInt32(header.type) {
        case NGHTTP2_DATA.rawValue:
            self.dataFramesTaken += 1
            self.dataBytesTaken += header.length
            self.isDataOpen = true
        case NGHTTP2_HEADERS.rawValue, NGHTTP2_PRIORITY.rawValue, NGHTTP2_WINDOW_UPDATE.rawValue:
            // Priorities are off (RFC 9218 section 2.1), and libnghttp2 says nothing more of their frames; nor of
            // windows and fields of streams that are gone.
            self.cost += HTTP2AbuseLimits.controlFrameCost
        case NGHTTP2_SETTINGS.rawValue:
            self.queuedBeforeFrame = nghttp2_session_get_outbound_queue_size(session)
        default:
            break
        }
    }

    func recordData(streamID: Int32, bytes: UnsafeRawBufferPointer) {
        self.bodyBytes += bytes.count
        self.frameBodyBytes += bytes.count
        // The bytes lie in the input, which outlives the delivery.
        self.records.append(.event(.data(streamID: streamID, bytes: bytes)))
    }

    func recordClose(streamID: Int32, code: HTTP2ErrorCode) {
        let unsentBytes = self.unsentBytes(of: streamID)
        self.releaseBody(of: streamID)
        self.records.append(.event(.streamClosed(streamID: streamID, code: code, unsentBytes: unsentBytes)))
    }

    /// A frame that libnghttp2 answers with a reset of ours: the same to us as a reset of the peer's (CVE-2025-8671).
    func recordGlitch(streamID: Int32) {
        // No other frame can stand within a header section, so one that was open is given up.
        self.isSectionOpen = false
        self.unfinishedSection.removeAll()
        self.cost += HTTP2AbuseLimits.resetCost
        guard streamID != 0 else { return }
        self.streamGivenUp()
        self.records.append(.event(.streamFailed(streamID: streamID)))
    }

    func recordFrame(_ frame: nghttp2_frame, of session: OpaquePointer?) {
        let isEnd = frame.hd.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
        let isAcknowledgement = frame.hd.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) != 0
        let streamID = frame.hd.stream_id
        switch UInt32(frame.hd.type) {
        case NGHTTP2_HEADERS.rawValue:
            self.recordFields(
                streamID: streamID, isEnd: isEnd,
                isRequest: frame.headers.cat == NGHTTP2_HCAT_REQUEST)
        case NGHTTP2_DATA.rawValue:
            self.isDataOpen = false
            if isEnd {
                self.records.append(.event(.end(streamID: streamID)))
            }
            let bytesMin =
                self.role == .client ? HTTP2AbuseLimits.answerFrameBytesMin : HTTP2AbuseLimits.bodyFrameBytesMin
            if self.frameBodyBytes < bytesMin, !isEnd {
                self.cost += HTTP2AbuseLimits.controlFrameCost
            }
        case NGHTTP2_SETTINGS.rawValue:
            guard !isAcknowledgement else { return }
            self.cost += HTTP2AbuseLimits.controlFrameCost
            // Besides the acknowledgement libnghttp2 queues nothing but a reset of each stream whose window overflows.
            if nghttp2_session_get_outbound_queue_size(session) > self.queuedBeforeFrame + 1 {
                self.isWindowOverflown = true
            }
            self.records.append(.event(.settings))
        case NGHTTP2_PING.rawValue:
            // An acknowledgement costs as well: we ask so rarely that more than a few are of the peer's own making.
            self.cost += HTTP2AbuseLimits.controlFrameCost
            if isAcknowledgement { self.records.append(.event(.pingAcknowledged)) }
        case NGHTTP2_GOAWAY.rawValue:
            self.cost += HTTP2AbuseLimits.controlFrameCost
            self.records.append(
                .event(
                    .goAway(
                        lastStreamID: frame.goaway.last_stream_id,
                        code: HTTP2ErrorCode(rawValue: frame.goaway.error_code))))
        case NGHTTP2_WINDOW_UPDATE.rawValue:
            // Counted when it began.
            break
        case NGHTTP2_RST_STREAM.rawValue:
            // Its effect comes as a closed stream. With NO_ERROR a server says that it has answered without reading the
            // rest of the request (RFC 9113 section 8.1), as nginx does: that is no request given up.
            let isAnswered = self.role == .client && frame.rst_stream.error_code == NGHTTP2_NO_ERROR.rawValue
            self.cost += isAnswered ? HTTP2AbuseLimits.controlFrameCost : HTTP2AbuseLimits.resetCost
        default:
            self.cost += HTTP2AbuseLimits.controlFrameCost
        }
    }

    private func recordFields(streamID: Int32, isEnd: Bool, isRequest: Bool) {
        self.isSectionOpen = false
        // Any number of interim responses may come before the one that is an answer.
        self.cost += self.isSectionInterim ? HTTP2AbuseLimits.controlFrameCost : -HTTP2AbuseLimits.requestCredit
        // A final response that follows an interim one has the category of trailers; the status tells them apart, and
        // stands first, before anything that can be too much.
        let isMessage = self.role == .server ? isRequest : self.isSectionResponse
        if isMessage, self.isSectionOversized {
            self.records.append(
                .event(.oversizedFields(streamID: streamID, isEnd: isEnd, pathBytes: self.oversizedPathBytes)))
        } else if isMessage {
            self.records.append(
                .fields(
                    streamID: streamID, entries: self.sectionStart..<self.store.entryCount,
                    isEnd: isEnd, isInterim: self.isSectionInterim))
        } else {
            self.records.append(.event(.trailers(streamID: streamID)))
            if isEnd { self.records.append(.event(.end(streamID: streamID))) }
        }
    }

    func recordNotSent(_ frame: nghttp2_frame) {
        guard self.role == .client, UInt32(frame.hd.type) == NGHTTP2_HEADERS.rawValue else { return }
        self.releaseBody(of: frame.hd.stream_id)
        self.records.append(.event(.requestNotSent(streamID: frame.hd.stream_id)))
    }

    // MARK: Bodies to send

    /// Keeps `bytes` until the stream is closed; the slot goes into libnghttp2's data source.
    func holdBody(_ bytes: [UInt8], of streamID: Int32, isOpen: Bool = false) -> Int {
        let slot = self.bodySlots.take(streamID)
        while self.bodies.count <= slot { self.bodies.append(Body()) }
        self.bodies[slot] = Body(bytes: bytes, offset: 0, isOpen: isOpen)
        return slot
    }

    /// Keeps more of a body that is open; false where there is none.
    func extendBody(of streamID: Int32, by bytes: [UInt8], isEnd: Bool) -> Bool {
        guard let slot = self.bodySlots.slot(of: streamID), self.bodies[slot].isOpen else { return false }
        self.bodies[slot].isOpen = !isEnd
        if self.bodies[slot].offset == self.bodies[slot].bytes.count {
            self.bodies[slot].bytes = bytes
            self.bodies[slot].offset = 0
        } else {
            self.bodies[slot].bytes.removeFirst(self.bodies[slot].offset)
            self.bodies[slot].offset = 0
            self.bodies[slot].bytes.append(contentsOf: bytes)
        }
        return true
    }

    func hasBody(_ streamID: Int32) -> Bool {
        self.bodySlots.slot(of: streamID) != nil
    }

    func releaseBody(of streamID: Int32) {
        guard let slot = self.bodySlots.giveBack(streamID) else { return }
        self.bodies[slot] = Body()
    }

    /// What has not been written of the stream's body.
    func unsentBytes(of streamID: Int32) -> Int {
        self.bodySlots.slot(of: streamID).map { self.bodyBytesRemaining(slot: $0) } ?? 0
    }

    func bodyBytesRemaining(slot: Int) -> Int {
        guard slot < self.bodies.count else { return 0 }
        return self.bodies[slot].bytes.count - self.bodies[slot].offset
    }

    /// Whether what is there of the body is not all of it.
    func isBodyOpen(slot: Int) -> Bool { slot < self.bodies.count && self.bodies[slot].isOpen }

    /// Whether the output has room for another DATA frame.
    var hasOutputSpace: Bool { self.output.readableBytes < self.outputMaximum }

    /// Appends a DATA frame's header and `count` bytes of the body to the output.
    func writeBody(slot: Int, header: UnsafePointer<UInt8>, count: Int) -> Bool {
        guard slot < self.bodies.count, count <= self.bodyBytesRemaining(slot: slot) else {
            return false
        }
        let offset = self.bodies[slot].offset
        let length = Self.frameHeaderBytes + count
        self.output.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { space in
            space.copyMemory(from: UnsafeRawBufferPointer(start: header, count: Self.frameHeaderBytes))
            self.bodies[slot].bytes.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(rebasing: space[Self.frameHeaderBytes...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]))
            }
            return length
        }
        self.bodies[slot].offset = offset + count
        self.bodyBytes += count
        return true
    }
}
