/// What JSON text can be written into: an array, or a `JSONOutput`.
@usableFromInline
package protocol JSONSink: ~Copyable {
    /// How many bytes have been written.
    var count: Int { get }
    mutating func append(_ byte: UInt8)
    mutating func append(bytes: UnsafeBufferPointer<UInt8>)
    /// Appends the lowest `count` bytes of a word, at most eight, the lowest first.
    mutating func append(word: UInt64, count: Int)
}

extension [UInt8]: JSONSink {
    /// As `append(contentsOf:)`, which is not made for many short runs.
    @inlinable @inline(__always)
    package mutating func append(bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return }
        self.append(addingCapacity: bytes.count) { span in
            span.withUnsafeMutableBufferPointer { buffer, count in
                // The span has room for exactly what was asked for, or more.
                guard let room = buffer.baseAddress, buffer.count &- count >= bytes.count else { return }
                (room + count).initialize(from: start, count: bytes.count)
                count &+= bytes.count
            }
        }
    }
}

extension [UInt8] {
    @inlinable
    package mutating func append(word: UInt64, count: Int) {
        Swift.withUnsafeBytes(of: word.littleEndian) { bytes in
            self.append(contentsOf: bytes.prefix(count))
        }
    }
}

extension JSONSink where Self: ~Copyable {
    /// Appends text that needs no escape, such as `{"id":`.
    @inlinable @inline(__always)
    package mutating func append(literal: StaticString) {
        literal.withUTF8Buffer { self.append(bytes: $0) }
    }

    /// Appends text that needs no escape.
    @inlinable
    package mutating func append(text: String) {
        text.withUTF8Borrowed { self.append(bytes: $0) }
    }

    /// Appends UTF-8 as a quoted string, escaping what RFC 8259 §7 says must be, and nothing else.
    @inlinable
    package mutating func append(quoting content: UnsafeBufferPointer<UInt8>) {
        self.append(UInt8(ascii: "\""))
        self.append(escaping: content)
        self.append(UInt8(ascii: "\""))
    }

    /// Appends UTF-8 as a part of a string, between the quotes.
    ///
    /// Copies whole runs between the bytes that need an escape.
    @inlinable
    package mutating func append(escaping content: UnsafeBufferPointer<UInt8>) {
        guard let base = content.baseAddress else { return }
        var start = 0
        while true {
            let end = JSONEscapes.endOfPlain(base, from: start, content.count)
            self.append(bytes: UnsafeBufferPointer(start: base + start, count: end &- start))
            guard end < content.count else { break }
            self.append(escaped: base[end])
            start = end &+ 1
        }
    }

    @inlinable
    package mutating func append(escaping text: String) {
        text.withUTF8Borrowed { self.append(escaping: $0) }
    }

    @inlinable
    package mutating func append(quoting content: [UInt8]) {
        content.withUnsafeBufferPointer { self.append(quoting: $0) }
    }

    @inlinable
    package mutating func append(quoting text: String) {
        text.withUTF8Borrowed { self.append(quoting: $0) }
    }

    /// Appends a whole number in decimal digits.
    @inlinable
    package mutating func append(decimal value: Int) {
        let magnitude = value.magnitude
        if value < 0 { self.append(UInt8(ascii: "-")) }
        if magnitude < 10 {
            self.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: magnitude))
        } else if magnitude < 100_000_000 {
            let digits = JSONDigits.eight(UInt64(magnitude))
            // Leading zeros are the lowest bytes.
            let zeros = digits.trailingZeroBitCount & ~7
            self.append(word: JSONDigits.text(digits) &>> UInt64(zeros), count: 8 &- zeros >> 3)
        } else {
            self.append(long: UInt64(magnitude))
        }
    }

    /// The digits of a number of more than eight.
    @usableFromInline @inline(never)
    mutating func append(long value: UInt64) {
        let (rest, low) = value.quotientAndRemainder(dividingBy: 100_000_000)
        // At most twelve digits more.
        self.append(decimal: Int(truncatingIfNeeded: rest))
        self.append(word: JSONDigits.text(JSONDigits.eight(low)), count: 8)
    }

    @usableFromInline @inline(never)
    mutating func append(escaped byte: UInt8) {
        self.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): self.append(byte)
        case 0x0A: self.append(UInt8(ascii: "n"))
        case 0x0D: self.append(UInt8(ascii: "r"))
        case 0x09: self.append(UInt8(ascii: "t"))
        default:
            // Only control characters come here: the first of the four digits are always zeros.
            let low = byte & 15
            self.append(literal: "u00")
            self.append(UInt8(ascii: "0") &+ (byte >> 4))
            self.append(low < 10 ? UInt8(ascii: "0") &+ low : UInt8(ascii: "a") &+ low &- 10)
        }
    }
}

extension String {
    /// `withUTF8` without a copy of the string first, where its bytes are in one piece: always, but for strings that
    /// come from other languages.
    @inlinable @inline(__always)
    package func withUTF8Borrowed(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        if self.utf8.withContiguousStorageIfAvailable(body) != nil { return }
        var copy = self
        copy.withUTF8(body)
    }
}
