import GatewayHTTP
import GatewayHTTP2
import NIOCore

/// Feeds one HTTP/2 session what a fuzzer has made, answers whatever looks like a request, and checks what must hold
/// for any input.
///
/// The first byte of an input chooses the session's role and how the rest is read:
///
/// - bytes as they are, behind the preface and SETTINGS;
/// - frames: type, flags, stream, length (one byte each), then the payload, so that what is mutated is mostly whole
///   frames;
/// - one header block, cut into HEADERS and CONTINUATION.
///
/// Both the fuzzer and the unit tests (for what the fuzzer has found) use it. Used by one thread.
struct SessionExerciser {
    /// What is wrong with what the session has done; nothing when all is well.
    private(set) var mistakes: [String] = []

    private enum Reading { case bytes, frames, headerBlock }

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    private static let emptySettings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]
    private static let settingsAcknowledgement: [UInt8] = [0, 0, 0, 4, 1, 0, 0, 0, 0]
    /// More than any input can bring about: a few answers for each frame.
    private static let outputBytesMax = 4 * 1024 * 1024

    /// Runs one input from its beginning to its end.
    mutating func run(_ input: [UInt8]) {
        guard let mode = input.first else { return }
        let role: HTTP2Session.Role = mode & 1 == 0 ? .server : .client
        let reading: Reading =
            switch mode >> 1 & 3 {
            case 0: .bytes
            case 1: .headerBlock
            default: .frames
            }
        guard let session = try? HTTP2Session(role, storage: HTTP2SessionStorage()) else {
            self.mistakes.append("no session")
            return
        }
        let judge = EventJudge(role: role, limits: session.limits)
        var bytes = role == .server ? Self.preface + Self.emptySettings : Self.emptySettings
        bytes += Self.settingsAcknowledgement
        if role == .client { self.request(session, count: 6) }
        let rest = input.dropFirst()
        switch reading {
        case .bytes: bytes += rest
        case .frames: bytes += Self.frames(rest)
        case .headerBlock: bytes += Self.headerBlock(rest, role: role)
        }
        self.feed(bytes, step: Int(mode >> 3) * 7 + 1, to: session, judge: judge)
        self.mistakes += judge.mistakes
    }

    private func request(_ session: HTTP2Session, count: Int) {
        for number in 0..<count {
            let fields = HTTP2FieldList()
            fields.append(":method", number == 0 ? "GET" : "PUT")
            fields.append(":scheme", "https")
            fields.append(":authority", "vendor.test")
            fields.append(":path", "/")
            _ = try? session.submitRequest(fields: fields, body: [UInt8](repeating: 7, count: number * 20_000))
        }
    }

    private mutating func feed(_ bytes: [UInt8], step: Int, to session: HTTP2Session, judge: EventJudge) {
        var sent = 0
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(step))
            rest = rest.dropFirst(step)
            var hasFailed = false
            part.withUnsafeBytes { part in
                do { try session.receive(part, now: 1) { judge.take($0, session) } } catch { hasFailed = true }
            }
            do {
                var buffer = ByteBuffer()
                while try session.writeOutput(into: &buffer, maximum: 64 * 1024) {
                    sent += buffer.readableBytes
                    guard sent <= Self.outputBytesMax else { break }
                    buffer.clear()
                }
                sent += buffer.readableBytes
                session.deliverPending { judge.take($0, session) }
            } catch {
                hasFailed = true
            }
            if sent > Self.outputBytesMax {
                self.mistakes.append("\(sent) bytes of output for \(bytes.count) of input")
                return
            }
            if hasFailed { return }
        }
    }

    private static func frame(
        _ type: UInt8, _ flags: UInt8, _ stream: UInt8, _ payload: some Sequence<UInt8>
    ) -> [UInt8] {
        let payload = Array(payload)
        return [0, UInt8(payload.count >> 8 & 0xFF), UInt8(payload.count & 0xFF), type, flags, 0, 0, 0, stream]
            + payload
    }

    private static func frames(_ input: ArraySlice<UInt8>) -> [UInt8] {
        var rest = input
        var bytes: [UInt8] = []
        while rest.count >= 4 {
            let head = Array(rest.prefix(4))
            rest = rest.dropFirst(4)
            // Few types and streams, so that frames meet.
            bytes += self.frame(head[0] % 12, head[1], head[2] % 16, rest.prefix(Int(head[3])))
            rest = rest.dropFirst(Int(head[3]))
        }
        return bytes
    }

    /// The first byte says where the block is cut; a second block follows with what the first has left in HPACK's
    /// table.
    private static func headerBlock(_ input: ArraySlice<UInt8>, role: HTTP2Session.Role) -> [UInt8] {
        guard let cut = input.first else { return [] }
        let block = Array(input.dropFirst())
        var bytes: [UInt8] = []
        for stream in [UInt8(1), 3] {
            let head = block.prefix(Int(cut))
            let tail = block.dropFirst(Int(cut)).prefix(0xFFF)
            bytes += self.frame(1, tail.isEmpty ? 5 : 1, stream, head)
            if !tail.isEmpty { bytes += self.frame(9, 4, stream, tail) }
        }
        return bytes
    }
}

/// Checks each event of a session, and acts on some of them as the gateway would.
final class EventJudge {
    private(set) var mistakes: [String] = []
    private let role: HTTP2Session.Role
    private let limits: HTTP2Limits
    private var closed: Set<Int32> = []

    init(role: HTTP2Session.Role, limits: HTTP2Limits) {
        self.role = role
        self.limits = limits
    }

    func take(_ event: HTTP2SessionEvent, _ session: HTTP2Session) {
        switch event {
        case .message(let stream, let fields, _):
            self.mustBeOpen(stream)
            self.check(fields)
            guard self.role == .server else { return }
            let answer = HTTP2FieldList()
            answer.append(":status", "200")
            // Longer from stream to stream, but a stream's number goes up to two thousand million.
            let length = Int(min(stream, 64)) * 1_000
            try? session.submitResponse(
                streamID: stream, fields: answer, body: [UInt8](repeating: 0x20, count: length))
        case .oversizedFields(let stream, _, _):
            self.mustBeOpen(stream)
            try? session.submitReset(streamID: stream, code: .cancel)
        case .interimResponse(let stream, let fields):
            self.mustBeOpen(stream)
            self.check(fields)
        case .data(let stream, let bytes):
            self.mustBeOpen(stream)
            // Every byte is there.
            let sum = bytes.reduce(0) { $0 &+ $1 }
            try? session.consumeConnection(bytes.count)
            try? session.consumeStream(stream, bytes.count)
            if sum == 7 { try? session.submitReset(streamID: stream, code: .cancel) }
        case .trailers(let stream), .end(let stream):
            self.mustBeOpen(stream)
        case .streamClosed(let stream, _, _):
            self.mustBeOpen(stream)
            self.closed.insert(stream)
        case .streamFailed, .requestNotSent, .settings, .goAway, .pingAcknowledged:
            break
        }
    }

    private func mustBeOpen(_ stream: Int32) {
        if stream <= 0 { self.mistakes.append("an event on stream \(stream)") }
        if self.closed.contains(stream) { self.mistakes.append("an event on stream \(stream), which is closed") }
    }

    /// What is told of a message is within the limits and right by RFC 9113 section 8.
    private func check(_ fields: ReceivedFields) {
        var size = 0
        var isPseudo = true
        for position in 0..<fields.count {
            let field = fields[position]
            size += field.nameBytes.count + field.value.count + 32
            let begins = field.nameBytes.first
            if begins == nil { self.mistakes.append("a field without a name") }
            if begins == UInt8(ascii: ":") {
                if !isPseudo { self.mistakes.append("a pseudo field behind the others") }
            } else {
                isPseudo = false
            }
            if field.nameBytes.contains(where: { (0x41...0x5A).contains($0) || $0 <= 0x20 }) {
                self.mistakes.append("a name with capitals or blanks")
            }
            if field.value.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 }) {
                self.mistakes.append("a value with a line break")
            }
        }
        if size > self.limits.fieldSectionBytesMax || fields.count > self.limits.fieldsMax {
            self.mistakes.append("\(fields.count) fields of \(size) bytes")
        }
        let isComplete =
            switch self.role {
            case .server: fields.first(.method) != nil
            case .client: fields.status != nil
            }
        if !isComplete { self.mistakes.append("a message without its pseudo fields") }
    }
}
