extension StaticString {
    /// Whether `bytes` spell this text, byte by byte.
    ///
    /// Inlined, so that a comparison with a literal becomes one of a few words.
    @inlinable
    @inline(__always)
    package func spells(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let count = self.utf8CodeUnitCount
        guard bytes.count == count, let start = bytes.baseAddress else { return false }
        let (found, wanted) = (UnsafeRawPointer(start), UnsafeRawPointer(self.utf8Start))
        func differ<Word: FixedWidthInteger & BitwiseCopyable>(at position: Int, _: Word.Type) -> Bool {
            found.loadUnaligned(fromByteOffset: position, as: Word.self)
                != wanted.loadUnaligned(fromByteOffset: position, as: Word.self)
        }
        var position = 0
        while position &+ 8 <= count {
            if differ(at: position, UInt64.self) { return false }
            position &+= 8
        }
        guard position < count else { return true }
        // The last word may begin within what has been compared: one comparison instead of up to seven.
        if count >= 8 { return !differ(at: count &- 8, UInt64.self) }
        if count >= 4 { return !differ(at: 0, UInt32.self) && !differ(at: count &- 4, UInt32.self) }
        if count >= 2 { return !differ(at: 0, UInt16.self) && !differ(at: count &- 2, UInt16.self) }
        return !differ(at: 0, UInt8.self)
    }
}
