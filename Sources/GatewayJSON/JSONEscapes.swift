internal import CTextScan

/// Resolves the escapes of strings that a parser has already found to be valid (RFC 8259 §7).
@usableFromInline
package enum JSONEscapes {
    /// Appends the decoded form of the bytes between a string's quotes. What stands between escapes is copied as it is.
    package static func decode(_ content: UnsafeBufferPointer<UInt8>, into output: inout [UInt8]) {
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: content.count))
        let count = output.withUnsafeMutableBufferPointer { output in
            output.baseAddress.map { self.decode(content, to: $0 + start) } ?? 0
        }
        output.removeLast(content.count &- count)
    }

    /// Writes the decoded form, which is never longer than `content`: there must be room for as much.
    ///
    /// - Returns: how many bytes it has.
    package static func decode(_ content: UnsafeBufferPointer<UInt8>, to output: UnsafeMutablePointer<UInt8>) -> Int {
        guard let base = content.baseAddress else { return 0 }
        var index = 0
        var count = 0
        while index < content.count {
            let plainEnd = self.endOfPlain(base, from: index, content.count)
            (output + count).update(from: base + index, count: plainEnd &- index)
            count &+= plainEnd &- index
            index = plainEnd
            guard index < content.count else { break }
            guard content[index] == UInt8(ascii: "\\"), index + 1 < content.count else {
                // A parser lets nothing through that would have to be escaped; it is kept here.
                output[count] = content[index]
                count &+= 1
                index += 1
                continue
            }
            let escape = content[index + 1]
            guard escape == UInt8(ascii: "u") else {
                output[count] = self.plain(escape)
                count &+= 1
                index += 2
                continue
            }
            let (scalar, length) = self.scalar(content, at: index)
            count &+= self.write(scalar, to: output + count)
            index += length
        }
        return count
    }

    /// The first byte from `start` on that must not stand in a string as it is; or the end. What is not ASCII is plain.
    @usableFromInline @inline(never)
    static func endOfPlain(_ base: UnsafePointer<UInt8>, from start: Int, _ count: Int) -> Int {
        text_scan_end_of_plain(base, start, count)
    }

    /// Counts scalar values without decoding.
    package static func scalarCount(_ content: UnsafeBufferPointer<UInt8>, isEscaped: Bool) -> Int {
        var count = 0
        var index = 0
        while index < content.count {
            let byte = content[index]
            if isEscaped, byte == UInt8(ascii: "\\"), index + 1 < content.count {
                count += 1
                index += content[index + 1] == UInt8(ascii: "u") ? self.scalar(content, at: index).length : 2
            } else {
                // Bytes 10xxxxxx continue a scalar value that was already counted.
                count += byte & 0xC0 == 0x80 ? 0 : 1
                index += 1
            }
        }
        return count
    }

    private static func plain(_ escape: UInt8) -> UInt8 {
        switch escape {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: escape
        }
    }

    /// The scalar value of a `\uXXXX`, or of a surrogate pair of them, at `index`, and its length in bytes.
    private static func scalar(
        _ content: UnsafeBufferPointer<UInt8>, at index: Int
    ) -> (value: UInt32, length: Int) {
        let high = self.hex(content, at: index + 2)
        guard high & 0xFC00 == 0xD800 else { return (high, 6) }
        let low = self.hex(content, at: index + 8)
        return (0x1_0000 + ((high & 0x3FF) << 10) + (low & 0x3FF), 12)
    }

    private static func hex(_ content: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt32 {
        var value: UInt32 = 0
        for position in index..<(index + 4) where position < content.count {
            value = value << 4 | UInt32(self.hexDigit(content[position]) ?? 0)
        }
        return value
    }

    @inlinable
    package static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
        default: nil
        }
    }

    /// - Returns: how many bytes: at most four, where at least six were read.
    private static func write(_ scalar: UInt32, to output: UnsafeMutablePointer<UInt8>) -> Int {
        switch scalar {
        case 0..<0x80:
            output[0] = UInt8(truncatingIfNeeded: scalar)
            return 1
        case 0x80..<0x800:
            output[0] = 0xC0 | UInt8(truncatingIfNeeded: scalar >> 6)
            output[1] = 0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F)
            return 2
        case 0x800..<0x1_0000:
            output[0] = 0xE0 | UInt8(truncatingIfNeeded: scalar >> 12)
            output[1] = 0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F)
            output[2] = 0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F)
            return 3
        default:
            output[0] = 0xF0 | UInt8(truncatingIfNeeded: scalar >> 18)
            output[1] = 0x80 | UInt8(truncatingIfNeeded: scalar >> 12 & 0x3F)
            output[2] = 0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F)
            output[3] = 0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F)
            return 4
        }
    }
}
