/// Remembers how a client left its last streams, for the rules that libnghttp2 does not keep once it has forgotten a
/// stream.
///
/// libnghttp2 ignores frames on streams that are gone, since it cannot tell a late frame from a wrong one. The client's
/// own order can: whoever has ended a stream or reset it sends nothing more on it (RFC 9113 section 5.1,
/// STREAM_CLOSED), and no stream is opened below one that is open (section 5.1.1, PROTOCOL_ERROR).
struct PeerStreams {
    private static let headersType: UInt8 = 0x1
    private static let dataType: UInt8 = 0x0
    private static let resetType: UInt8 = 0x3
    private static let endStreamFlag: UInt8 = 0x1

    /// A power of two, and no less than the streams that may be open at once; of older ones nothing is said.
    private let count: Int
    /// The stream that was last in each place, negative when the client has ended it. Made with the first stream, so
    /// that idle connections do without.
    private var last: [Int32] = []
    private var highest: Int32 = 0

    /// - Parameter streamsMax: how many streams the client may have open at once.
    init(streamsMax: Int) {
        var count = 128
        while count < streamsMax { count *= 2 }
        self.count = count
    }

    /// Takes note of a frame that begins; the error of the connection if the client may not send it any more.
    mutating func note(type: UInt8, flags: UInt8, streamID: Int32) -> HTTP2ErrorCode? {
        // What is wrong with other streams, libnghttp2 knows by itself.
        guard type <= Self.resetType, streamID > 0, streamID & 1 == 1 else { return nil }
        let place = Int(streamID >> 1) & (self.count - 1)
        guard streamID <= self.highest else {
            guard type == Self.headersType else { return nil }
            if self.last.isEmpty { self.last = Array(repeating: 0, count: self.count) }
            self.highest = streamID
            self.last[place] = flags & Self.endStreamFlag != 0 ? -streamID : streamID
            return nil
        }
        let known = self.last[place]
        switch type {
        case Self.headersType, Self.dataType:
            if known == -streamID { return .streamClosed }
            if known == streamID {
                if flags & Self.endStreamFlag != 0 { self.last[place] = -streamID }
                return nil
            }
            // An older stream in its place: this one was passed over, which closed it.
            guard abs(known) < streamID else { return nil }
            return type == Self.headersType ? .protocolError : .streamClosed
        case Self.resetType:
            if known == streamID { self.last[place] = -streamID }
            return nil
        default:
            return nil
        }
    }
}
