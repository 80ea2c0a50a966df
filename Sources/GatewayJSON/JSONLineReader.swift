/// Cuts a stream of JSON texts into its texts, whatever pieces it comes in: JSON Lines, or a JSON text sequence.
///
/// - `lines` (jsonlines.org, and `application/x-ndjson`): a line feed ends a text, and so does the end of the stream. A
///   carriage return before it is dropped; a line without anything but white space is none, and is counted.
/// - `sequence` (RFC 7464): a record separator begins a text, so the next one, or the end of the stream, ends it. What
///   stands before the first one is no text.
///
/// Does not look into the texts. Holds what has come and has not been asked for; of an unfinished text that is never
/// more than `bytesMax`, because the rest of a longer one is passed over as it comes.
package struct JSONLineReader: Sendable {
    package enum Framing: Sendable { case lines, sequence }

    /// What comes next.
    package enum Item: Equatable, Sendable {
        /// A text: its number, from 1, and where it is: `withBytes` shows it until the next call.
        case text(number: Int, bytes: Range<Int>)
        /// A text that is longer than `bytesMax`. All of it has gone by.
        case tooLong(number: Int)
        /// What is not framed as a text.
        case unframed(number: Int)
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let recordSeparator: UInt8 = 0x1E

    private let framing: Framing
    private let bytesMax: Int
    private var buffer: [UInt8] = []
    /// Where what has not been delivered begins.
    private var start = 0
    /// Up to where no end was found.
    private var searched = 0
    /// The number of the text that has begun.
    private var number = 1
    /// What there is of the text that has begun is too long to be kept.
    private var isPassingOver = false
    private var hasEnded = false
    /// A record separator has come: what follows is a text.
    private var isFramed: Bool
    /// Bytes of the text that is being passed over.
    package private(set) var bytesPassedOver = 0

    package init(_ framing: Framing, bytesMax: Int) {
        self.framing = framing
        self.bytesMax = max(1, bytesMax)
        self.isFramed = framing == .lines
    }

    /// Bytes that are held.
    package var bytesHeld: Int { self.buffer.count - self.start }

    /// Whether part of a text has come whose end has not.
    package var isWithinText: Bool { self.bytesHeld > 0 || self.isPassingOver }

    /// The number of the text that comes next, or is coming.
    package var nextNumber: Int { self.number }

    /// More of the stream has come.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if self.start == self.buffer.count {
            self.buffer.removeAll(keepingCapacity: self.buffer.capacity <= Self.keptCapacityMax)
            self.searched -= self.start
            self.start = 0
        } else if self.start > Self.slackMax {
            self.buffer.removeFirst(self.start)
            self.searched -= self.start
            self.start = 0
        }
        self.buffer.append(contentsOf: bytes)
    }

    /// What may lie unused before the first byte that is held: moving the rest each time would cost more.
    private static let slackMax = 64 * 1024
    /// Room that is kept while nothing is held.
    private static let keptCapacityMax = 256 * 1024

    /// Nothing more comes.
    package mutating func end() {
        self.hasEnded = true
    }

    /// The next text; nil where more has to come first, or nothing will.
    package mutating func next() -> Item? {
        while true {
            let isLast: Bool
            let end: Int
            if let found = self.position(of: self.terminator) {
                (end, isLast) = (found, false)
            } else if self.hasEnded {
                (end, isLast) = (self.buffer.count, true)
            } else {
                self.searched = self.buffer.count
                self.passOverIfLong()
                return nil
            }
            let text = self.start..<end
            let number = self.number
            self.start = isLast ? end : end + 1
            self.searched = self.start
            if let item = self.item(text, number: number, isLast: isLast) { return item }
            if isLast { return nil }
        }
    }

    /// The bytes of an item that `next` has just returned.
    package func withBytes<Result>(_ range: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        self.buffer.withUnsafeBufferPointer {
            guard range.lowerBound >= 0, range.upperBound <= $0.count else {
                return body(UnsafeBufferPointer(start: nil, count: 0))
            }
            return body(UnsafeBufferPointer(rebasing: $0[range]))
        }
    }

    private var terminator: UInt8 { self.framing == .lines ? Self.lineFeed : Self.recordSeparator }

    /// What has come to its end; nil where it is nothing but white space. Counts.
    private mutating func item(_ text: Range<Int>, number: Int, isLast: Bool) -> Item? {
        let wasPassedOver = self.isPassingOver
        let wasFramed = self.isFramed
        self.isPassingOver = false
        self.bytesPassedOver = 0
        if !isLast { self.isFramed = true }
        let trimmed = self.trimmed(text)
        // A line counts also where it is empty, so that a number leads to the line of the file; records are counted as
        // they come.
        if self.framing == .lines { self.number += 1 }
        // By what came and not by what is left of it, so that it is no matter in which pieces it came.
        let isTooLong = wasPassedOver || text.count > self.bytesMax
        guard isTooLong || !trimmed.isEmpty else { return nil }
        if self.framing == .sequence { self.number += 1 }
        if isTooLong { return .tooLong(number: number) }
        return wasFramed ? .text(number: number, bytes: trimmed) : .unframed(number: number)
    }

    private mutating func passOverIfLong() {
        if self.isPassingOver || self.buffer.count - self.start > self.bytesMax {
            self.isPassingOver = true
            self.bytesPassedOver += self.buffer.count - self.start
            self.start = self.buffer.count
            self.searched = self.start
        }
    }

    private func trimmed(_ text: Range<Int>) -> Range<Int> {
        self.buffer.withUnsafeBufferPointer { buffer in
            func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
            var (first, last) = (text.lowerBound, text.upperBound)
            while first < last, isSpace(buffer[first]) { first += 1 }
            while last > first, isSpace(buffer[last - 1]) { last -= 1 }
            return first..<last
        }
    }

    /// Where `byte` is for the first time behind `searched`. Looks at eight bytes at a time.
    private func position(of byte: UInt8) -> Int? {
        self.buffer.withUnsafeBytes { bytes in
            let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
            var index = self.searched
            while index + 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian ^ pattern
                // The lowest bit that is set is in the first byte that is zero.
                let zeros = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
                if zeros != 0 { return index + zeros.trailingZeroBitCount / 8 }
                index += 8
            }
            while index < bytes.count {
                if bytes[index] == byte { return index }
                index += 1
            }
            return nil
        }
    }
}
