/// 64 bits as 16 hexadecimal digits, in lower case, which is the only one that `traceparent` has.
enum HexDigits {
    /// The buffer must have 16 bytes from `start` on.
    static func write(_ value: UInt64, to buffer: UnsafeMutableBufferPointer<UInt8>, at start: Int) {
        let bytes = UnsafeMutableRawBufferPointer(buffer)
        let (first, second) = self.words(of: value)
        bytes.storeBytes(of: first, toByteOffset: start, as: UInt64.self)
        bytes.storeBytes(of: second, toByteOffset: start + 8, as: UInt64.self)
    }

    /// The digits, eight in each word, as they lie in memory.
    static func words(of value: UInt64) -> (UInt64, UInt64) {
        (self.digits(value >> 32), self.digits(value & 0xFFFF_FFFF))
    }

    /// The digits as bytes; the buffer is valid within `body` only.
    static func withDigits<Result>(of value: UInt64, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { buffer in
            self.write(value, to: buffer, at: 0)
            return body(UnsafeBufferPointer(buffer))
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
    static func string(_ value: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            self.write(value, to: buffer, at: 0)
            return 16
        }
    }

    /// The number that lower-case digits spell; nil for anything else. `count` is at most 16.
    static func read(_ text: UnsafeBufferPointer<UInt8>, from start: Int, count: Int) -> UInt64? {
        var value: UInt64 = 0
        for position in start..<(start + count) {
            let byte = text[position]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }
}
