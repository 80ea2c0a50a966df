/// Counts what surrounds a body over HTTP/1.1: sizes of chunks, their extensions, trailers (RFC 9112 section 7.1).
///
/// The decoder drops extensions and says nothing of them, so what came over the wire is held against what came of the
/// body. Otherwise a peer could send megabytes that no limit of a body counts. Each part of a body pays for the lines
/// around it, as in Go's `net/http` (CVE-2023-39326): a chunk for each byte and a signature for each chunk are in
/// order, however long the body. What is beyond that adds up. A body with a length has nothing around it. Confined to
/// one connection.
struct HTTP1BodyFraming {
    /// A size in as many digits as a size may have, and the ends of two lines.
    private static let bytesPerPart = 20
    /// A part of 8 KiB may have a signature of twice its size: no more than a bound is needed.
    private static let bytesPerBodyByte = 2

    private var isWithinBody = false
    private var excess = 0

    /// A head is over.
    mutating func bodyBegins() {
        self.isWithinBody = true
        self.excess = 0
    }

    mutating func bodyEnds() {
        self.isWithinBody = false
        self.excess = 0
    }

    /// `count` bytes have come over the wire, which the decoder has not seen yet.
    mutating func received(_ count: Int) {
        if self.isWithinBody { self.excess += count }
    }

    /// The decoder has found `count` bytes of the body in them.
    mutating func found(_ count: Int) {
        self.excess = max(0, self.excess - Self.bytesPerPart - (1 + Self.bytesPerBodyByte) * count)
    }

    /// Whether so much surrounds the body that nobody can mean well by it.
    ///
    /// - Parameter bytesMax: as much as header fields may have: both are what goes with a body.
    func isExcessive(bytesMax: Int) -> Bool { self.excess > bytesMax }
}
