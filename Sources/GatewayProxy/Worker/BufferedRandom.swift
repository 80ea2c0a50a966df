import Glibc

/// The system's random numbers, fetched many at a time: a system call for each request would cost more than all the
/// rest of its id.
///
/// Confined to one event loop.
struct BufferedRandom: RandomNumberGenerator {
    private var values = [UInt64](repeating: 0, count: BufferedRandom.count)
    private var used = BufferedRandom.count
    private var fallback = SystemRandomNumberGenerator()

    /// 256 bytes: the most that getentropy gives at once, enough for sixteen requests.
    private static let count = 32

    mutating func next() -> UInt64 {
        if self.used == Self.count {
            let code = self.values.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) }
            guard code == 0 else { return self.fallback.next() }
            self.used = 0
        }
        defer { self.used += 1 }
        return self.values[self.used]
    }
}
