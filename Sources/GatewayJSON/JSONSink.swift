/// What JSON text can be written into: an array, or a `JSONOutput`.
@usableFromInline
package protocol JSONSink: ~Copyable {
    /// How many bytes have been written.
    var count: Int { get }
    mutating func append(_ byte: UInt8)
    mutating func append(bytes: UnsafeBufferPointer<UInt8>)
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
        var magnitude = value.magnitude
        if magnitude < 10, value >= 0 {
            self.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: magnitude))
            return
        }
        // The longest is that of `Int.min`: a sign and 19 digits.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var index = 20
            repeat {
                index &-= 1
                let (rest, digit) = magnitude.quotientAndRemainder(dividingBy: 10)
                digits[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
                magnitude = rest
            } while magnitude > 0
            if value < 0 {
                index &-= 1
                digits[index] = UInt8(ascii: "-")
            }
            self.append(bytes: UnsafeBufferPointer(rebasing: digits[index...]))
        }
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
    /// `withUTF8` without a copy of the string first, where its bytes are in one piece: always, but for strings that come
    /// from other languages.
    @inlinable @inline(__always)
    package func withUTF8Borrowed(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        if self.utf8.withContiguousStorageIfAvailable(body) != nil { return }
        var copy = self
        copy.withUTF8(body)
    }
}
