/// Hexadecimal digits: 64 bits as 16 of them, in lower case, and one at a time.
package enum HexDigits {
    /// Writes 16 digits; the buffer must have as many bytes from `start` on.
    package static func write(_ value: UInt64, to buffer: UnsafeMutableBufferPointer<UInt8>, at start: Int) {
        let bytes = UnsafeMutableRawBufferPointer(buffer)
        let (first, second) = self.words(of: value)
        bytes.storeBytes(of: first, toByteOffset: start, as: UInt64.self)
        bytes.storeBytes(of: second, toByteOffset: start + 8, as: UInt64.self)
    }

    /// The digits, eight in each word, as they lie in memory.
    package static func words(of value: UInt64) -> (UInt64, UInt64) {
        (self.digits(value >> 32), self.digits(value & 0xFFFF_FFFF))
    }

    /// The digits as bytes; the buffer is valid within `body` only.
    package static func withDigits(of value: UInt64, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { buffer in
            self.write(value, to: buffer, at: 0)
            body(UnsafeBufferPointer(buffer))
        }
    }

    /// The eight digits of 32 bits, the first in the byte that is stored first: all eight at once, one in each byte.
    private static func digits(_ value: UInt64) -> UInt64 {
        var digits = (value | value << 16) & 0x0000_FFFF_0000_FFFF
        digits = (digits | digits << 8) & 0x00FF_00FF_00FF_00FF
        digits = (digits | digits << 4) & 0x0F0F_0F0F_0F0F_0F0F
        // 1 in each byte with a letter, which are 39 places behind the place that would follow the figures.
        let letters = (digits &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return (digits &+ 0x3030_3030_3030_3030 &+ letters &* 39).bigEndian
    }

    /// As text, for logs.
    package static func string(_ value: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            self.write(value, to: buffer, at: 0)
            return 16
        }
    }

    /// The number that lower-case digits spell; nil for anything else. `count` is at most 16.
    package static func read(_ text: UnsafeBufferPointer<UInt8>, from start: Int, count: Int) -> UInt64? {
        var value: UInt64 = 0
        for position in start..<(start + count) {
            let byte = text[position]
            guard let digit = self.value(of: byte), byte == byte.asciiLowercased else { return nil }
            value = value << 4 | UInt64(digit)
        }
        return value
    }

    /// What one digit stands for, in either case; nil where it is none.
    package static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// One digit in upper case, as percent-encoding has it; of `value` only the lowest four bits count.
    package static func upperCaseDigit(_ value: UInt8) -> UInt8 {
        let value = value & 0xF
        return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
