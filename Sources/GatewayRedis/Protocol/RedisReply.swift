/// One reply of a server, in version 2 of its protocol (https://redis.io/docs/latest/develop/reference/protocol-spec/).
enum RedisReply: Equatable, Sendable {
    case integer(Int)
    /// A bulk string, or a status such as `OK`.
    case bytes([UInt8])
    case null
    case array([RedisReply])
    /// Its first word says what is wrong: `NOSCRIPT`, `MOVED`, `OOM`, …
    case error(String)

    var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
    var text: String? { self.bytes.map { String(decoding: $0, as: UTF8.self) } }
    var elements: [RedisReply]? { if case .array(let elements) = self { elements } else { nil } }

    /// A number, or the digits of one.
    var integer: Int? {
        switch self {
        case .integer(let value): value
        case .bytes: self.text.flatMap { Int($0) }
        default: nil
        }
    }
}

/// What a server sends that is none of the protocol's, or more than anything that was asked for could be.
struct RedisProtocolError: Error, Equatable {
    let reason: String
}
