import GatewayHTTP
import NIOCore
import NIOEmbedded

@testable import GatewayHTTP2

/// The other end of a channel that speaks HTTP/2: a caller of the gateway, or a vendor.
final class HTTP2Remote {
    /// What has come on one stream.
    struct Stream {
        var fields: [(name: String, value: String)] = []
        var interimStatuses: [Int] = []
        var body: [UInt8] = []
        var isEnded = false
        /// Every code with which the stream was closed; more than one would be a mistake.
        var closedWith: [HTTP2ErrorCode] = []

        func value(_ name: String) -> String? { self.fields.first { $0.name == name }?.value }
        var status: Int? { self.value(":status").flatMap(Int.init) }
        var text: String { String(decoding: self.body, as: UTF8.self) }
    }

    let session: HTTP2Session
    let channel: EmbeddedChannel
    private(set) var streams: [Int32: Stream] = [:]
    private(set) var goAways: [(last: Int32, code: HTTP2ErrorCode)] = []
    /// The types and streams of the frames that have come, for what libnghttp2 keeps to itself.
    private(set) var frames: [(kind: UInt8, stream: Int32)] = []
    private var unread: [UInt8] = []
    /// Whether the session hears nothing of what comes. A test that speaks in raw bytes makes it deaf: it would take
    /// the answers to what it has not sent for a fault of the gateway's.
    var isDeaf = false

    init(_ role: HTTP2Session.Role, channel: EmbeddedChannel) throws {
        self.session = try HTTP2Session(role, storage: HTTP2SessionStorage())
        self.channel = channel
    }

    subscript(stream: Int32) -> Stream { self.streams[stream] ?? Stream() }

    /// How many RST_STREAM frames have come for a stream.
    func resets(of stream: Int32) -> Int {
        self.frames.count { $0.kind == 3 && $0.stream == stream }
    }

    /// Carries bytes both ways, and runs the event loop, until neither side has more to say.
    func talk() throws {
        while true {
            let hasSent = try self.send(self.output())
            self.channel.embeddedEventLoop.run()
            let hasReceived = try self.receive()
            if !hasSent, !hasReceived { return }
        }
    }

    /// Sends raw bytes, then talks.
    func talk(raw bytes: [UInt8]) throws {
        try self.talk()
        _ = try self.send(bytes)
        try self.talk()
    }

    private func output() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var hasMore = true
        while hasMore {
            var buffer = ByteBuffer()
            hasMore = try self.session.writeOutput(into: &buffer, maximum: 65_536)
            bytes.append(contentsOf: buffer.readableBytesView)
            self.session.deliverPending { self.take($0) }
        }
        return bytes
    }

    private func send(_ bytes: [UInt8]) throws -> Bool {
        guard !bytes.isEmpty, self.channel.isActive else { return false }
        try self.channel.writeInbound(ByteBuffer(bytes: bytes))
        return true
    }

    private func receive() throws -> Bool {
        var hasReceived = false
        while let buffer = try self.channel.readOutbound(as: ByteBuffer.self) {
            guard buffer.readableBytes > 0 else { continue }
            hasReceived = true
            self.unread.append(contentsOf: buffer.readableBytesView)
            if self.isDeaf { continue }
            try buffer.withUnsafeReadableBytes { bytes in
                try self.session.receive(bytes, now: 1) { self.take($0) }
            }
        }
        self.readFrames()
        return hasReceived
    }

    private func readFrames() {
        // A client's preface is no frame.
        if self.unread.starts(with: Array("PRI * HTTP/2.0".utf8)) { self.unread.removeFirst(24) }
        while self.unread.count >= 9 {
            let length = Int(self.unread[0]) << 16 | Int(self.unread[1]) << 8 | Int(self.unread[2])
            guard self.unread.count >= 9 + length else { return }
            let stream = self.unread[5...8].reduce(Int32(0)) { $0 << 8 | Int32($1) }
            self.frames.append((self.unread[3], stream))
            self.unread.removeFirst(9 + length)
        }
    }

    private func take(_ event: HTTP2SessionEvent) {
        switch event {
        case .message(let stream, let fields, let isEnd):
            self.streams[stream, default: Stream()].fields = fields.texts
            if isEnd { self.streams[stream, default: Stream()].isEnded = true }
        case .interimResponse(let stream, let fields):
            self.streams[stream, default: Stream()].interimStatuses.append(fields.status ?? 0)
        case .data(let stream, let bytes):
            self.streams[stream, default: Stream()].body.append(contentsOf: bytes)
            try? self.session.consumeStream(stream, bytes.count)
            try? self.session.consumeConnection(bytes.count)
        case .end(let stream):
            self.streams[stream, default: Stream()].isEnded = true
        case .streamClosed(let stream, let code, _):
            self.streams[stream, default: Stream()].closedWith.append(code)
        case .goAway(let last, let code):
            self.goAways.append((last, code))
        case .oversizedFields, .trailers, .streamFailed, .requestNotSent, .settings, .pingAcknowledged:
            break
        }
    }
}

extension ReceivedFields {
    fileprivate var texts: [(name: String, value: String)] {
        (0..<self.count).map { position in
            let field = self[position]
            return (
                String(decoding: field.nameBytes, as: UTF8.self),
                String(decoding: field.value, as: UTF8.self)
            )
        }
    }
}

/// Frames that no well-behaved library would send (RFC 9113 section 4.1).
enum RawBytes {
    static func frame(_ kind: UInt8, flags: UInt8 = 0, stream: Int32 = 0, _ payload: [UInt8] = []) -> [UInt8] {
        let length = payload.count
        return [UInt8(length >> 16), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF), kind, flags]
            + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: stream >> $0) } + payload
    }

    /// HEADERS with literal fields (RFC 7541 section 6.2.2); names and values shorter than 127 bytes.
    static func headers(_ stream: Int32, _ fields: [(String, String)], isEnd: Bool) -> [UInt8] {
        var block: [UInt8] = []
        for (name, value) in fields {
            block += [0, UInt8(name.utf8.count)] + Array(name.utf8)
            block += [UInt8(value.utf8.count)] + Array(value.utf8)
        }
        return self.frame(1, flags: isEnd ? 0x5 : 0x4, stream: stream, block)
    }
}
