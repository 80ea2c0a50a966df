/// What a session states to its peer and what it takes from it.
package struct HTTP2Limits: Sendable, Equatable {
    /// SETTINGS_MAX_CONCURRENT_STREAMS: streams the peer may have open at once.
    package var streamsConcurrentMax = 100
    /// SETTINGS_INITIAL_WINDOW_SIZE: body bytes the peer may send on a stream before we consume any.
    package var streamWindowBytes = 65_535
    /// The connection's window: body bytes the peer may send on all streams before we consume any.
    package var connectionWindowBytes = 1024 * 1024
    /// The largest header section we keep, counted as RFC 9113 section 6.5.2 counts (32 bytes a field and its
    /// bytes); also stated as SETTINGS_MAX_HEADER_LIST_SIZE.
    package var fieldSectionBytesMax = 16 * 1024
    /// The most fields of a section that we keep: far above any real request, far below what fills memory.
    package var fieldsMax = 100
    /// Whether fields are kept whose names are none of `FieldName`. They are counted and checked in any case.
    package var keepsOtherFields = true

    package init() {}
}

/// Floods and glitches, in one place: how much of what is legal but useless a peer may do.
///
/// Frames that carry no request or response cost the sender nothing and us a little. Each fills a bucket a little,
/// real work drains it, and so does time; when it is full the connection is closed with ENHANCE_YOUR_CALM. Covers
/// PING and SETTINGS floods (CVE-2019-9512, -9515), resets (CVE-2019-9514, CVE-2023-44487), empty DATA frames
/// (CVE-2019-9518), PRIORITY and WINDOW_UPDATE floods (CVE-2019-9513), malformed frames that make us answer
/// (CVE-2025-8671), and DATA and fields of streams that are gone.
struct HTTP2AbuseLimits {
    /// A thousand streams given up at once, which is four times as many as we let a caller have open by default, are no
    /// attack yet.
    static let burst = 6_000
    /// A few hundred useless frames a second are more than any client needs beside its requests.
    static let perSecond = 500
    /// Frames that libnghttp2 has queued and the peer does not read: acknowledgements and resets.
    static let queuedOutputMax = 2_000

    /// What a frame costs. A reset costs more than the request before it earned, so pairs of them add up.
    ///
    /// DATA on a stream that is gone costs the same, whatever its size: a caller may not have heard of our reset, and
    /// all that it can have under way then, a connection's window of 1 MiB, is a sixth of the burst in frames of 1 KiB.
    /// A vendor chooses its frames freely, so its DATA is free as far as it fits into the windows of the streams that
    /// we have reset, and costs the same beyond them.
    static let controlFrameCost = 1
    static let resetCost = 6
    static let requestCredit = 4
    /// Two WINDOW_UPDATE frames go with a DATA frame of 16 KiB at most clients.
    static let bodyBytesPerCredit = 1024
    /// A caller's DATA frame of less that does not end its stream is a dribble, or nothing but padding.
    static let bodyFrameBytesMin = 64
    /// A vendor's is useless only where it carries nothing. Servers that write as they go answer in frames of a few
    /// bytes, and what an answer can cost us in all is bounded by `limits.answerBody` and the attempt's time-out.
    static let answerFrameBytesMin = 1

    private var level = 0
    private var lastDrain: UInt64 = 0

    /// Counts frames of a total cost of `cost` (negative: credit) at the time `now`; false when the peer has gone
    /// too far.
    mutating func record(cost: Int, now nanoseconds: UInt64) -> Bool {
        if cost > 0, nanoseconds > self.lastDrain {
            let interval = 1_000_000_000 / UInt64(Self.perSecond)
            let drained = (nanoseconds - self.lastDrain) / interval
            self.level = max(0, self.level - Int(clamping: drained))
            self.lastDrain += drained * interval
        }
        self.level = max(0, self.level + cost)
        return self.level <= Self.burst
    }
}
