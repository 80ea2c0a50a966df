/// The nine bytes in front of an HTTP/2 frame (RFC 9113 section 4.1), for faults that cut or forge frames.
struct FrameHeader {
    static let byteCount = 9

    let length: Int
    let type: UInt8
    let streamID: Int32

    static let data: UInt8 = 0x0
    static let headers: UInt8 = 0x1

    /// Nil when there are fewer than nine bytes.
    init?(_ bytes: some Collection<UInt8>) {
        let header = Array(bytes.prefix(Self.byteCount))
        guard header.count == Self.byteCount else { return nil }
        self.length = Int(header[0]) << 16 | Int(header[1]) << 8 | Int(header[2])
        self.type = header[3]
        let identifier = header[5...8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        self.streamID = Int32(bitPattern: identifier & 0x7FFF_FFFF)
    }

    /// A GOAWAY frame with NO_ERROR that says that streams beyond `lastStreamID` were not processed
    /// (RFC 9113 section 6.8).
    static func goAway(lastStreamID: Int32) -> [UInt8] {
        let last = UInt32(bitPattern: lastStreamID)
        return [0, 0, 8, 0x7, 0, 0, 0, 0, 0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: last >> $0) }
            + [0, 0, 0, 0]
    }
}
