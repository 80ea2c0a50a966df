/// Finds, in a stream of bytes, what libnghttp2 lets pass without a word.
///
/// Frames of types that nobody knows, as RFC 9113 section 5.5 asks: without this they would be free. Frames on streams
/// that it has forgotten (`PeerStreams`), and DATA that it drops, because the stream is gone or about to go. And
/// PRIORITY: priorities are off, so that nobody else looks at them. Looks at frame headers (section 4.1: three bytes of
/// length, one of type, one of flags, four of stream) and at the first bytes of PRIORITY.
struct FrameWatch {
    /// What there was in some bytes.
    struct Found {
        /// Frames of unknown types that began.
        var unknown = 0
        /// DATA frames that began. Of those that libnghttp2 takes it tells the inbox; it drops the others.
        var data = 0
        /// Their payloads, as long as they say to be.
        var dataBytes = 0
        /// A rule has been broken that ends the connection, with this code.
        var violation: HTTP2ErrorCode?
    }

    private static let headerLength = 9
    private static let prefaceLength = 24
    private static let dataType: UInt8 = 0x0
    private static let priorityType: UInt8 = 0x2
    private static let priorityLength = 5
    /// CONTINUATION; ALTSVC, ORIGIN and PRIORITY_UPDATE beyond it mean nothing to us either.
    private static let lastKnownType: UInt8 = 0x9
    /// The highest bit of a stream is reserved, that of a dependency says that it is exclusive.
    private static let streamMask: UInt32 = 0x7FFF_FFFF

    private let role: HTTP2Session.Role
    private var streams: PeerStreams
    /// Bytes to skip: what is left of a payload, or of the client's preface.
    private var skip: Int
    private var headerBytes = 0
    private var length = 0
    private var type: UInt8 = 0
    private var flags: UInt8 = 0
    private var stream: UInt32 = 0
    /// Bytes of a PRIORITY frame's dependency that are still to come, and those that have come.
    private var dependencyBytes = 0
    private var dependency: UInt32 = 0

    /// - Parameter streamsMax: how many streams the peer may have open at once.
    init(role: HTTP2Session.Role, streamsMax: Int) {
        self.role = role
        self.streams = PeerStreams(streamsMax: streamsMax)
        self.skip = role == .server ? Self.prefaceLength : 0
    }

    /// What there is in `bytes`, which follow those of the call before.
    mutating func find(in bytes: UnsafeRawBufferPointer) -> Found {
        var position = 0
        var found = Found()
        while position < bytes.count {
            if self.skip > 0 {
                let skipped = min(self.skip, bytes.count - position)
                self.skip -= skipped
                position += skipped
                continue
            }
            if self.headerBytes == 0, self.dependencyBytes == 0, bytes.count - position >= Self.headerLength {
                // The usual case: the whole header is here.
                self.takeHeader(bytes, at: position)
                position += Self.headerLength
                self.begin(&found)
                continue
            }
            let byte = bytes[position]
            position += 1
            if self.dependencyBytes > 0 {
                self.takeDependency(byte, &found)
                continue
            }
            switch self.headerBytes {
            case 0..<3: self.length = self.length << 8 | Int(byte)
            case 3: self.type = byte
            case 4: self.flags = byte
            default: self.stream = self.stream << 8 | UInt32(byte)
            }
            self.headerBytes += 1
            if self.headerBytes == Self.headerLength { self.begin(&found) }
        }
        return found
    }

    @inline(__always)
    private mutating func takeHeader(_ bytes: UnsafeRawBufferPointer, at position: Int) {
        let start = bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self).bigEndian
        self.length = Int(start >> 8)
        self.type = UInt8(truncatingIfNeeded: start)
        self.flags = bytes[position + 4]
        self.stream = bytes.loadUnaligned(fromByteOffset: position + 5, as: UInt32.self).bigEndian
    }

    /// A frame's header is complete.
    private mutating func begin(_ found: inout Found) {
        let streamID = Int32(self.stream & Self.streamMask)
        if self.type > Self.lastKnownType { found.unknown += 1 }
        if self.type == Self.dataType {
            found.data += 1
            found.dataBytes += self.length
        }
        if self.role == .server,
            let code = self.streams.note(type: self.type, flags: self.flags, streamID: streamID)
        {
            found.violation = code
        }
        if self.type == Self.priorityType, self.length == Self.priorityLength {
            // RFC 9113 section 6.3.
            if streamID == 0 { found.violation = .protocolError }
            self.dependencyBytes = 4
            self.dependency = 0
        } else {
            self.skip = self.length
        }
        self.headerBytes = 0
        self.length = 0
    }

    private mutating func takeDependency(_ byte: UInt8, _ found: inout Found) {
        self.dependency = self.dependency << 8 | UInt32(byte)
        self.dependencyBytes -= 1
        guard self.dependencyBytes == 0 else { return }
        // The weight is left.
        self.skip = 1
        // A stream that depends on itself (RFC 7540 section 5.3.1; RFC 9113 has nothing in its place).
        if (self.dependency ^ self.stream) & Self.streamMask == 0 { found.violation = .protocolError }
    }
}
