/// The header that a balancer puts before a connection's bytes: the PROXY protocol, versions 1 and 2.
///
/// Reads only: decides nothing about who may send one. Source: haproxy.org's proxy-protocol.txt, sections 2.1 and 2.2.
enum ProxyHeader {
    /// What the first bytes of a connection are.
    enum Finding: Equatable {
        /// More bytes are needed.
        case undecided
        /// The header has that many bytes, and says where the connection comes from; nil where it does not say: a
        /// health check of the balancer's own.
        case header(byteCount: Int, source: NetworkAddress?)
        /// No header, or one that breaks a rule.
        case malformed
    }

    private static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]
    /// A line of version 1, with its end.
    private static let lineBytesMax = 107
    /// Of version 2: far more than addresses and the usual further values take.
    private static let bytesMax = 4096

    static func read(_ bytes: UnsafeRawBufferPointer) -> Finding {
        let common = min(bytes.count, self.signature.count)
        if bytes[..<common].elementsEqual(self.signature[..<common]) {
            return common < self.signature.count ? .undecided : self.readBinary(bytes)
        }
        let word = Array("PROXY ".utf8)
        let length = min(bytes.count, word.count)
        guard bytes[..<length].elementsEqual(word[..<length]) else { return .malformed }
        return self.readLine(bytes)
    }

    private static func readLine(_ bytes: UnsafeRawBufferPointer) -> Finding {
        guard let end = bytes.prefix(self.lineBytesMax).firstIndex(of: 0x0A) else {
            return bytes.count < self.lineBytesMax ? .undecided : .malformed
        }
        guard end > 0, bytes[end - 1] == 0x0D else { return .malformed }
        let line = String(decoding: bytes[..<(end - 1)], as: UTF8.self)
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count >= 2 else { return .malformed }
        if parts[1] == "UNKNOWN" { return .header(byteCount: end + 1, source: nil) }
        guard parts.count == 6, parts[1] == "TCP4" || parts[1] == "TCP6", let source = NetworkAddress(parts[2]),
            NetworkAddress(parts[3]) != nil, self.isPort(parts[4]), self.isPort(parts[5]),
            parts[2].contains(":") == (parts[1] == "TCP6"), parts[3].contains(":") == (parts[1] == "TCP6")
        else { return .malformed }
        return .header(byteCount: end + 1, source: source)
    }

    private static func isPort(_ text: Substring) -> Bool {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            // Nobody is to take it for octal.
            text == "0" || text.utf8.first != UInt8(ascii: "0"), let port = Int(text)
        else { return false }
        return port <= 65535
    }

    private static func readBinary(_ bytes: UnsafeRawBufferPointer) -> Finding {
        let fixed = 16
        guard bytes.count >= fixed else { return .undecided }
        let (version, command) = (bytes[12] >> 4, bytes[12] & 0xF)
        let length = Int(bytes[14]) << 8 | Int(bytes[15])
        guard version == 2, command <= 1, fixed + length <= self.bytesMax else { return .malformed }
        let addressBytes: Int
        switch command == 0 ? 0 : bytes[13] {
        case 0x11: addressBytes = 4
        case 0x21: addressBytes = 16
        // Not told; or of datagrams and local sockets, which a receiver takes for not told (section 2.2).
        case 0x00, 0x12, 0x22, 0x31, 0x32: addressBytes = 0
        default: return .malformed
        }
        // Source and destination, with a port each.
        guard addressBytes == 0 || length >= 2 * addressBytes + 4 else { return .malformed }
        guard bytes.count >= fixed + length else { return .undecided }
        guard command == 1, addressBytes > 0 else { return .header(byteCount: fixed + length, source: nil) }
        return .header(
            byteCount: fixed + length, source: NetworkAddress(bytes: bytes[fixed..<(fixed + addressBytes)]))
    }
}
