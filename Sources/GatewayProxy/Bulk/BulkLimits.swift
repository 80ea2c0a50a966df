/// What one stream of updates may take of the gateway.
///
/// Together they are what makes memory constant however long the stream is: what a stream holds is the window, one line
/// that is coming, and results that are not read.
enum BulkLimits {
    /// Lines between being taken and having all their results: several times what a target takes at once, so that one
    /// slow line does not hold up the others.
    static let linesMax = 256
    /// Bytes of them. As many lines of 16 KiB, which is several times a product.
    static let lineBytesMax = 4 << 20
    /// What a line may have around its product: its other members, and an id of the greatest length, escaped.
    static let lineOverheadBytes = 16 << 10
    /// Results that are not out while the caller reads: beyond it no further line is taken until some have gone.
    static let unreadBytesMax = 256 << 10
    /// Results that are kept for a caller that sends everything before it reads: some fifty thousand lines.
    static let heldBytesMax = 8 << 20
    /// A caller that has taken nothing for so long is one that sends before it reads.
    static let readingPauseNanoseconds: UInt64 = 2_000_000_000
    /// Streams of one worker at once: 16 with all that each may hold are 200 MiB.
    static let streamsMax = 16
    /// Products with a failed line that are remembered, 8 bytes each: a file with more mistakes than that is a mistake.
    static let failedMax = 65_536
    /// Of a line that is too long: the largest body that a gateway can be set to take. Who sends more sends no product.
    static let passedOverBytesMax = 64 << 20
    /// Lines of one target that are under way at once, at most: what HTTP/2 servers recommend is 100 streams, and
    /// others are to find room beside them.
    static let partsAtOnceMax = 64
    /// Lines taken, or sent, before others get their turn on the event loop: less than a millisecond.
    static let linesPerTurn = 32
    /// How often a stream looks at the clock, and tells of its progress where it does.
    static let tickNanoseconds: UInt64 = 1_000_000_000
    /// How long lines wait for a vendor that cannot be reached before they are told so one by one. For a rate limit and
    /// for room they wait as long as it takes.
    static let patienceNanoseconds: UInt64 = 60_000_000_000
}
