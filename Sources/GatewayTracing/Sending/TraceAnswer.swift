/// What a collector says to a request with spans, and what follows from it (OTLP specification, "OTLP/HTTP Response").
struct TraceAnswer: Sendable, Equatable {
    enum Verdict: Sendable, Equatable {
        /// Taken; so many spans of it were not (`partial_success`), and are not to be sent again.
        case taken(rejected: Int)
        /// To be sent again: 429, 502, 503 and 504, and nothing else.
        case again(afterSeconds: Int?)
        /// Not taken, and not to be sent again.
        case refused
    }

    let status: Int
    let retryAfterSeconds: Int?
    let body: [UInt8]
    let isJSON: Bool

    /// Reads a whole answer; nil where it is none (RFC 9112).
    init?(_ bytes: [UInt8]) {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        guard let first = lines.first, first.hasPrefix("HTTP/1."), let status = Int(first.dropFirst(9).prefix(3)) else {
            return nil
        }
        func value(of name: String) -> Substring? {
            lines.dropFirst().first { $0.lowercased().hasPrefix(name + ":") }.map {
                $0.dropFirst(name.count + 1).drop { $0 == " " }
            }
        }
        self.status = status
        self.retryAfterSeconds = value(of: "retry-after").flatMap { Int($0) }
        self.isJSON = value(of: "content-type")?.hasPrefix("application/json") ?? false
        let rest = bytes[end.upperBound...]
        let isChunked = value(of: "transfer-encoding")?.lowercased() == "chunked"
        self.body = isChunked ? Self.unchunked(rest) : Array(rest)
    }

    /// The content of chunks, as far as they are whole (RFC 9112 section 7.1).
    private static func unchunked(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var content: [UInt8] = []
        var rest = bytes
        while let line = rest.firstRange(of: Array("\r\n".utf8)) {
            let size = String(decoding: rest[rest.startIndex..<line.lowerBound], as: UTF8.self).prefix { $0 != ";" }
            guard let count = Int(size, radix: 16), count > 0, count <= rest.endIndex - line.upperBound else { break }
            content += rest[line.upperBound..<(line.upperBound + count)]
            rest = rest[(line.upperBound + count)...].dropFirst(2)
        }
        return content
    }

    var verdict: Verdict {
        switch self.status {
        case 200...299: .taken(rejected: self.isJSON ? 0 : Self.rejected(self.body))
        case 429, 502, 503, 504: .again(afterSeconds: self.retryAfterSeconds)
        default: .refused
        }
    }

    /// `partial_success.rejected_spans` of an `ExportTraceServiceResponse`: field 1 of field 1; 0 for what is no such
    /// message.
    private static func rejected(_ body: [UInt8]) -> Int {
        var outer = ProtobufReader(body[...])
        while let field = outer.next() {
            guard field.number == 1, case .delimited(let message) = field.value else { continue }
            var inner = ProtobufReader(message)
            while let field = inner.next() {
                if field.number == 1, case .number(let count) = field.value { return Int(clamping: count) }
            }
        }
        return 0
    }
}
