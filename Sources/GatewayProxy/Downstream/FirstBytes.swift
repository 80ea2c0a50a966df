import NIOCore

/// What a caller speaks that has not agreed on a protocol within TLS, told from the first bytes it sends.
///
/// HTTP/2 with prior knowledge begins with its preface (RFC 9113 section 3.4), HTTP/1.1 with a request line
/// (RFC 9112 section 3), TLS with the record of a handshake (RFC 8446 section 5.1).
enum FirstBytes {
    enum Finding: Equatable {
        case http2
        case http1
        case tls
        /// Nothing that we know.
        case unknown
        /// More bytes are needed.
        case undecided
    }

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    private static let handshakeRecord: UInt8 = 22
    /// What makes a line one of HTTP/1.1: its version comes last.
    private static let versionMark = Array(" HTTP/".utf8)

    /// - Parameter bytesMax: a line that is not over by then counts as one of HTTP/1.1, whose reader refuses its
    ///   length.
    static func find(_ bytes: UnsafeRawBufferPointer, bytesMax: Int) -> Finding {
        if bytes.first == self.handshakeRecord { return .tls }
        let common = zip(bytes, self.preface).prefix { $0 == $1 }.count
        if common == self.preface.count { return .http2 }
        if common == bytes.count { return .undecided }
        // An empty line before the first request is overlooked (RFC 9112 section 2.2).
        let line = bytes.drop { $0 == 0x0D || $0 == 0x0A }
        guard let first = line.first else { return bytes.count < bytesMax ? .undecided : .http1 }
        // Methods are words.
        guard UInt8(ascii: "A")...UInt8(ascii: "z") ~= first else { return .unknown }
        guard let end = line.firstIndex(of: 0x0A) else { return bytes.count < bytesMax ? .undecided : .http1 }
        return self.contains(self.versionMark, in: line[..<end]) ? .http1 : .unknown
    }

    private static func contains(_ mark: [UInt8], in line: Slice<UnsafeRawBufferPointer>) -> Bool {
        var rest = line
        while let position = rest.firstIndex(of: mark[0]) {
            if rest[position...].starts(with: mark) { return true }
            rest = rest[(position + 1)...]
        }
        return false
    }
}
