import Glibc

/// The system's random numbers, fetched many at a time: a system call for each request would cost more than all the
/// rest of its id.
///
/// A class, so that everything on one event loop draws from the same numbers. Confined to that event loop.
final class LoopRandom: RandomNumberGenerator {
    private var values = [UInt64](repeating: 0, count: LoopRandom.count)
    private var used = LoopRandom.count
    private var fallback = SystemRandomNumberGenerator()

    /// 256 bytes: the most that getentropy gives at once, enough for sixteen requests.
    private static let count = 32

    func next() -> UInt64 {
        if self.used == Self.count {
            let code = self.values.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) }
            guard code == 0 else { return self.fallback.next() }
            self.used = 0
        }
        defer { self.used += 1 }
        return self.values[self.used]
    }
}
