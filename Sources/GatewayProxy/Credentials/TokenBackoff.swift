/// How long a token endpoint is left alone: a second after the first failure, then twice as long each time, up to the
/// longest pause. Decides only; randomness is an input.
enum TokenBackoff {
    /// Long enough that no endpoint is hurt by us, short enough that a caller may wait for it.
    static let firstNanoseconds: UInt64 = 1_000_000_000
    /// Twenty to thirty seconds with what is added: a handful of requests a minute hurt nobody, and an endpoint that
    /// has recovered is noticed before its operator asks why we are still failing.
    static let longestNanoseconds: UInt64 = 20_000_000_000

    /// What a token endpoint may ask for with `Retry-After`. Beyond an hour, the life of a usual token, it is more
    /// likely a mistake than a wish, and would keep the target out of use long after it has been corrected.
    static let askedNanosecondsMax: UInt64 = 3_600_000_000_000

    /// - Parameters:
    ///   - count: failures in a row; there is no pause after none.
    ///   - random: from 0 to 1; up to half of the pause is added, so that instances that failed together do not come
    ///     back together.
    static func pause(after count: Int, random: Double) -> UInt64 {
        guard count > 0 else { return 0 }
        // Five doublings are beyond the longest pause.
        let pause = min(self.firstNanoseconds << UInt64(min(count - 1, 5)), self.longestNanoseconds)
        return pause + Self.part(of: pause / 2, random)
    }

    /// As long as the endpoint asks for, and up to a second more.
    static func pause(askedFor nanoseconds: UInt64, random: Double) -> UInt64 {
        min(nanoseconds, self.askedNanosecondsMax) + Self.part(of: self.firstNanoseconds, random)
    }

    private static func part(of nanoseconds: UInt64, _ random: Double) -> UInt64 {
        UInt64(Double(nanoseconds) * min(max(random, 0), 1))
    }
}
