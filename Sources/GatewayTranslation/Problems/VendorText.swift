/// A text that a vendor's answer gives: where its bytes are among the vendor's words, or that there is none.
///
/// UTF-8, without escapes. An index and not a copy: most of what a vendor says is compared, or written out again, and
/// neither needs a string.
struct VendorText: BitwiseCopyable, Equatable, Sendable {
    var offset: Int32
    /// In bytes; negative where nothing is said. An empty text is a text.
    var count: Int32

    static let none = VendorText(offset: 0, count: -1)

    var isGiven: Bool { self.count >= 0 }

    /// The part of this text that begins `start` bytes behind its beginning.
    func part(from start: Int, count: Int) -> VendorText {
        VendorText(offset: self.offset &+ Int32(truncatingIfNeeded: start), count: Int32(truncatingIfNeeded: count))
    }

    /// Its bytes among `words`, for as long as `body` runs; none where it is not given.
    @inline(__always)
    func withBytes<Result>(of words: [UInt8], _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        words.withUnsafeBufferPointer { words in
            let start = Int(self.offset)
            let end = start &+ max(0, Int(self.count))
            guard start >= 0, end <= words.count, let base = words.baseAddress else {
                return body(UnsafeBufferPointer(start: nil, count: 0))
            }
            return body(UnsafeBufferPointer(start: base + start, count: end &- start))
        }
    }

    /// As a string; nil where it is not given.
    func string(of words: [UInt8]) -> String? {
        guard self.isGiven else { return nil }
        return self.withBytes(of: words) { String(decoding: $0, as: UTF8.self) }
    }
}
