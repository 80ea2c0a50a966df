import GatewayHTTP
import NIOCore

@testable import GatewayHTTP2

/// A field as text, so that sections can be kept and compared.
struct FieldText: Equatable, CustomStringConvertible {
    let name: String
    let value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    var description: String { "\(self.name): \(self.value)" }
}

/// What a session has delivered, copied out of the event. Body bytes are collected apart: how they were cut into frames
/// matters to nobody.
enum Happening: Equatable {
    case message(stream: Int32, fields: [FieldText], isEnd: Bool)
    case interim(stream: Int32, fields: [FieldText])
    case oversizedFields(stream: Int32, isEnd: Bool, pathBytes: Int = 0)
    case trailers(stream: Int32)
    case data(stream: Int32)
    case end(stream: Int32)
    case closed(stream: Int32, code: HTTP2ErrorCode)
    case failed(stream: Int32)
    case requestNotSent(stream: Int32)
    case settings
    case goAway(last: Int32, code: HTTP2ErrorCode)
    case pingAcknowledged
}

/// One session of a pair, or one that is fed raw frames: it keeps what it is told.
final class SessionPeer {
    let session: HTTP2Session
    private(set) var happenings: [Happening] = []
    private(set) var bodies: [Int32: [UInt8]] = [:]
    /// Whether body bytes are given back to both windows as they come.
    var consumes = true
    /// The time that the session is told, in nanoseconds.
    var now: UInt64 = 1_000_000_000
    /// Acts while an event is being delivered.
    var whileDelivering: ((HTTP2SessionEvent, HTTP2Session) -> Void)?

    init(
        _ role: HTTP2Session.Role, limits: HTTP2Limits = HTTP2Limits(),
        storage: HTTP2SessionStorage = HTTP2SessionStorage()
    ) throws {
        self.session = try HTTP2Session(role, limits: limits, storage: storage)
    }

    func receive(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { bytes in
            try self.session.receive(bytes, now: self.now) { self.take($0) }
        }
    }

    /// Everything the session has to send, in steps of at most `maximum` bytes and a frame.
    func output(maximum: Int = 256 * 1024) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let step = try self.outputOnce(maximum: maximum)
            bytes.append(contentsOf: step.bytes)
            if !step.hasMore { return bytes }
        }
    }

    /// One step of it.
    func outputOnce(maximum: Int) throws -> (bytes: [UInt8], hasMore: Bool) {
        var buffer = ByteBuffer()
        let hasMore = try self.session.writeOutput(into: &buffer, maximum: maximum)
        self.session.deliverPending { self.take($0) }
        return (Array(buffer.readableBytesView), hasMore)
    }

    func forgetHappenings() {
        self.happenings = []
    }

    /// What happened on one stream.
    func happenings(on stream: Int32) -> [Happening] {
        self.happenings.filter { $0.stream == stream }
    }

    private func take(_ event: HTTP2SessionEvent) {
        if let happening = Happening(event) {
            if case .data = happening, self.happenings.last == happening {
                // One after the other is one body.
            } else {
                self.happenings.append(happening)
            }
        }
        if case .data(let stream, let bytes) = event {
            self.bodies[stream, default: []].append(contentsOf: bytes)
            if self.consumes {
                try? self.session.consumeStream(stream, bytes.count)
                try? self.session.consumeConnection(bytes.count)
            }
        }
        self.whileDelivering?(event, self.session)
    }
}

extension Happening {
    init?(_ event: HTTP2SessionEvent) {
        switch event {
        case .message(let stream, let fields, let isEnd):
            self = .message(stream: stream, fields: fields.texts, isEnd: isEnd)
        case .interimResponse(let stream, let fields):
            self = .interim(stream: stream, fields: fields.texts)
        case .oversizedFields(let stream, let isEnd, let pathBytes):
            self = .oversizedFields(stream: stream, isEnd: isEnd, pathBytes: pathBytes)
        case .trailers(let stream): self = .trailers(stream: stream)
        case .data(let stream, _): self = .data(stream: stream)
        case .end(let stream): self = .end(stream: stream)
        case .streamClosed(let stream, let code, _): self = .closed(stream: stream, code: code)
        case .streamFailed(let stream): self = .failed(stream: stream)
        case .requestNotSent(let stream): self = .requestNotSent(stream: stream)
        case .settings: self = .settings
        case .goAway(let last, let code): self = .goAway(last: last, code: code)
        case .pingAcknowledged: self = .pingAcknowledged
        }
    }

    var stream: Int32? {
        switch self {
        case .message(let stream, _, _), .interim(let stream, _), .oversizedFields(let stream, _, _),
            .trailers(let stream), .data(let stream), .end(let stream), .closed(let stream, _),
            .failed(let stream), .requestNotSent(let stream):
            stream
        case .settings, .goAway, .pingAcknowledged: nil
        }
    }

    var isMessage: Bool {
        if case .message = self { true } else { false }
    }
}

extension ReceivedFields {
    var texts: [FieldText] {
        (0..<self.count).map { position in
            let field = self[position]
            return FieldText(
                String(decoding: field.nameBytes, as: UTF8.self),
                String(decoding: field.value, as: UTF8.self))
        }
    }
}

extension HTTP2FieldList {
    static func request(
        _ method: String = "PUT", path: String = "/", _ more: KeyValuePairs<String, String> = [:]
    ) -> HTTP2FieldList {
        let list = HTTP2FieldList()
        list.append(":method", method)
        list.append(":scheme", "https")
        list.append(":authority", "gateway.test")
        list.append(":path", path)
        for (name, value) in more { list.append(name: name, value: value) }
        return list
    }

    static func response(
        _ status: Int = 200, _ more: KeyValuePairs<String, String> = [:]
    ) -> HTTP2FieldList {
        let list = HTTP2FieldList()
        list.append(":status", decimal: status)
        for (name, value) in more { list.append(name: name, value: value) }
        return list
    }
}
