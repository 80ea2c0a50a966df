/// Whole numbers as fields have them: decimal digits, nothing else.
package enum DecimalDigits {
    /// Of an `Int`, with its sign.
    package static let bytesMax = 20

    /// The number that these bytes spell; nil where one is no digit, where there is none, and where no `Int` holds it.
    package static func value(of bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard !bytes.isEmpty else { return nil }
        var number = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let (tenfold, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, isOver) = tenfold.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            guard !isTooLarge, !isOver else { return nil }
            number = sum
        }
        return number
    }

    /// Writes a number to `start`, where there must be room for `bytesMax` bytes; the result is how many it has.
    @inlinable
    package static func write(_ value: Int, to start: UnsafeMutablePointer<UInt8>) -> Int {
        // Where the digits end is known first, so that they are written where they stay.
        var length = value < 0 ? 2 : 1
        var bound: UInt = 10
        while length < self.bytesMax, value.magnitude >= bound {
            length &+= 1
            let (tenfold, isTooLarge) = bound.multipliedReportingOverflow(by: 10)
            if isTooLarge { break }
            bound = tenfold
        }
        var magnitude = value.magnitude
        var position = length
        repeat {
            position &-= 1
            let (rest, digit) = magnitude.quotientAndRemainder(dividingBy: 10)
            start[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
            magnitude = rest
        } while magnitude > 0
        if value < 0 { start[0] = UInt8(ascii: "-") }
        return length
    }
}
