/// What is still taken of a request that has its answer already.
///
/// Many clients send all of a body before they read anything (httpx, requests, most that are written by hand): whoever
/// does not take the rest never gets to tell them why it was refused. So it is read and thrown away, within bounds,
/// because nobody must be able to make the gateway read for ever. Decides only; its owner has the clock and the
/// connection.
struct UnwantedRest {
    /// The largest body that a gateway can be set to take (`limits.requestBody`): who sends more sends no product.
    static let bytesMax = 64 * 1024 * 1024
    /// Whoever still sends is heard of within this: nobody is farther away than two round trips of a second, and a
    /// client on a busy machine may not get its turn for another.
    static let pauseNanoseconds: UInt64 = 3_000_000_000

    private var bytesLeft = Self.bytesMax
    /// When the time is over that any body may take, in nanoseconds.
    private let endsAt: UInt64
    /// When nothing more of it is waited for, in nanoseconds.
    private(set) var dueAt: UInt64

    /// - Parameters:
    ///   - now: when the answer went out, in nanoseconds.
    ///   - limit: how long a body may take (`limits.bodyTimeout`), in nanoseconds.
    init(answeredAt now: UInt64, limit: UInt64) {
        self.endsAt = now &+ limit
        self.dueAt = min(now &+ Self.pauseNanoseconds, self.endsAt)
    }

    /// Takes note of `count` bytes that have come; false when they are too many.
    mutating func take(_ count: Int, now: UInt64) -> Bool {
        guard count <= self.bytesLeft else { return false }
        self.bytesLeft -= count
        self.dueAt = min(now &+ Self.pauseNanoseconds, self.endsAt)
        return true
    }
}
