/// The decimal digits of numbers, all of them in a few steps (Paul Khuong, "How to print integers really fast", 2017).
@usableFromInline
enum JSONDigits {
    /// Eight digits of a number below 100,000,000, one in each byte, the first in the lowest.
    @inlinable @inline(__always)
    static func eight(_ value: UInt64) -> UInt64 {
        // Two numbers of four digits next to each other, then four of two digits, then eight of one.
        let fours = (value / 10_000) | (value % 10_000) << 32
        let highOfFours = ((fours &* 10_486) >> 20) & 0x0000_007F_0000_007F
        let twos = ((fours &- 100 &* highOfFours) << 16) &+ highOfFours
        let highOfTwos = ((twos &* 103) >> 10) & 0x000F_000F_000F_000F
        return highOfTwos &+ ((twos &- 10 &* highOfTwos) << 8)
    }

    /// Digits as text.
    @inlinable @inline(__always)
    static func text(_ digits: UInt64) -> UInt64 { digits | 0x3030_3030_3030_3030 }
}
