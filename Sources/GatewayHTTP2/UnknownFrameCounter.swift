/// Counts the frames of types that nobody knows in a stream of bytes.
///
/// libnghttp2 skips them, as RFC 9113 section 5.5 asks, and says nothing: without this they would be free. Looks at frame
/// headers only (section 4.1: three bytes of length, one of type, five more).
struct UnknownFrameCounter {
    private static let headerLength = 9
    private static let prefaceLength = 24
    /// CONTINUATION; ALTSVC, ORIGIN and PRIORITY_UPDATE beyond it mean nothing to us either.
    private static let lastKnownType: UInt8 = 0x9

    /// Bytes to skip: what is left of a payload, or of the client's preface.
    private var skip: Int
    private var headerBytes = 0
    private var length = 0
    private var type: UInt8 = 0

    init(role: HTTP2Session.Role) {
        self.skip = role == .server ? Self.prefaceLength : 0
    }

    /// How many such frames begin in `bytes`, which follow those of the call before.
    mutating func count(in bytes: UnsafeRawBufferPointer) -> Int {
        var position = 0
        var count = 0
        while position < bytes.count {
            if self.skip > 0 {
                let skipped = min(self.skip, bytes.count - position)
                self.skip -= skipped
                position += skipped
                continue
            }
            let byte = bytes[position]
            position += 1
            if self.headerBytes < 3 {
                self.length = self.length << 8 | Int(byte)
            } else if self.headerBytes == 3 {
                self.type = byte
            }
            self.headerBytes += 1
            if self.headerBytes == Self.headerLength {
                if self.type > Self.lastKnownType { count += 1 }
                self.skip = self.length
                self.headerBytes = 0
                self.length = 0
            }
        }
        return count
    }
}
