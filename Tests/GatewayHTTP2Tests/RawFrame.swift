/// One HTTP/2 frame, built or read byte by byte (RFC 9113 section 4.1): what no well-behaved library would send.
struct RawFrame: Equatable {
    enum Kind {
        static let data: UInt8 = 0
        static let headers: UInt8 = 1
        static let priority: UInt8 = 2
        static let reset: UInt8 = 3
        static let settings: UInt8 = 4
        static let pushPromise: UInt8 = 5
        static let ping: UInt8 = 6
        static let goAway: UInt8 = 7
        static let windowUpdate: UInt8 = 8
        static let continuation: UInt8 = 9
    }

    enum Flag {
        static let endStream: UInt8 = 0x1
        static let acknowledgement: UInt8 = 0x1
        static let endHeaders: UInt8 = 0x4
        static let padded: UInt8 = 0x8
        static let priority: UInt8 = 0x20
    }

    var kind: UInt8
    var flags: UInt8 = 0
    var stream: UInt32 = 0
    var payload: [UInt8] = []

    /// The bytes of the frame.
    var bytes: [UInt8] {
        Self.bigEndian(UInt32(self.payload.count)).dropFirst() + [self.kind, self.flags]
            + Self.bigEndian(self.stream) + self.payload
    }

    static let clientPreface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    static func settings(_ values: [(UInt16, UInt32)] = [], isAcknowledgement: Bool = false) -> RawFrame {
        RawFrame(
            kind: Kind.settings, flags: isAcknowledgement ? Flag.acknowledgement : 0,
            payload: values.flatMap { id, value in
                [UInt8(id >> 8), UInt8(id & 0xFF)] + Self.bigEndian(value)
            })
    }

    static func headers(
        _ stream: UInt32, _ fields: KeyValuePairs<String, String>, isEnd: Bool = true,
        isWhole: Bool = true
    ) -> RawFrame {
        .headers(stream, block: HPACK.block(fields), isEnd: isEnd, isWhole: isWhole)
    }

    static func headers(
        _ stream: UInt32, block: [UInt8], isEnd: Bool = true, isWhole: Bool = true
    ) -> RawFrame {
        RawFrame(
            kind: Kind.headers, flags: (isEnd ? Flag.endStream : 0) | (isWhole ? Flag.endHeaders : 0),
            stream: stream, payload: block)
    }

    static func continuation(_ stream: UInt32, block: [UInt8], isWhole: Bool) -> RawFrame {
        RawFrame(
            kind: Kind.continuation, flags: isWhole ? Flag.endHeaders : 0, stream: stream, payload: block)
    }

    static func data(_ stream: UInt32, _ body: [UInt8] = [], isEnd: Bool = false) -> RawFrame {
        RawFrame(kind: Kind.data, flags: isEnd ? Flag.endStream : 0, stream: stream, payload: body)
    }

    static func reset(_ stream: UInt32, code: UInt32 = 8) -> RawFrame {
        RawFrame(kind: Kind.reset, stream: stream, payload: Self.bigEndian(code))
    }

    static func ping(isAcknowledgement: Bool = false) -> RawFrame {
        RawFrame(
            kind: Kind.ping, flags: isAcknowledgement ? Flag.acknowledgement : 0,
            payload: [1, 2, 3, 4, 5, 6, 7, 8])
    }

    static func windowUpdate(_ stream: UInt32, _ increment: UInt32) -> RawFrame {
        RawFrame(kind: Kind.windowUpdate, stream: stream, payload: Self.bigEndian(increment))
    }

    static func goAway(last: UInt32, code: UInt32 = 0) -> RawFrame {
        RawFrame(kind: Kind.goAway, payload: Self.bigEndian(last) + Self.bigEndian(code))
    }

    /// The frames in `bytes`, which must be whole ones.
    static func read(_ bytes: [UInt8]) -> [RawFrame] {
        var frames: [RawFrame] = []
        var rest = bytes[...]
        while rest.count >= 9 {
            let head = Array(rest.prefix(9))
            let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
            let stream = head[5...8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            frames.append(
                RawFrame(
                    kind: head[3], flags: head[4], stream: stream,
                    payload: Array(rest.dropFirst(9).prefix(length))))
            rest = rest.dropFirst(9 + length)
        }
        return frames
    }

    /// The error code of a RST_STREAM or a GOAWAY.
    var errorCode: UInt32? {
        switch self.kind {
        case Kind.reset: self.payload.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        case Kind.goAway: self.payload.dropFirst(4).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        default: nil
        }
    }

    static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}

/// Field blocks in HPACK's plainest form (RFC 7541): literals, never indexed unless asked for.
enum HPACK {
    static func block(_ fields: KeyValuePairs<String, String>) -> [UInt8] {
        fields.flatMap { self.literal($0, $1) }
    }

    /// A literal field with a new name (section 6.2), with or without an entry in the table.
    static func literal(_ name: String, _ value: String, isIndexed: Bool = false) -> [UInt8] {
        [isIndexed ? 0x40 : 0x00] + self.string(Array(name.utf8)) + self.string(Array(value.utf8))
    }

    static func literal(_ name: [UInt8], _ value: [UInt8]) -> [UInt8] {
        [0x00] + self.string(name) + self.string(value)
    }

    private static func string(_ bytes: [UInt8]) -> [UInt8] {
        self.integer(bytes.count) + bytes
    }

    /// An integer with a prefix of 7 bits (section 5.1).
    private static func integer(_ value: Int) -> [UInt8] {
        guard value >= 127 else { return [UInt8(value)] }
        var encoded: [UInt8] = [127]
        var rest = value - 127
        while rest >= 128 {
            encoded.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return encoded + [UInt8(rest)]
    }
}
