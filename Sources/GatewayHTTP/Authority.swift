/// What a request says of whom it is for: `:authority`, `host`, or the authority of a whole URL.
package enum Authority {
    /// Whether it is a host with or without a port (RFC 3986 sections 3.2.2 and 3.2.3).
    ///
    /// Never with a user: RFC 9110 section 4.2.4 takes one for an attempt to deceive, and RFC 9113 section 8.3.1
    /// forbids it. An address in brackets is looked at no closer than for its characters.
    package static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = 0
        if bytes.first == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")), end > 1,
                bytes[1..<end].allSatisfy({ self.isAddressByte($0) })
            else { return false }
            position = end + 1
        } else {
            while position < bytes.count, bytes[position] != UInt8(ascii: ":") {
                guard self.isHostByte(bytes[position]) else { return false }
                position += 1
            }
            guard position > 0 else { return false }
        }
        guard position < bytes.count else { return true }
        guard bytes[position] == UInt8(ascii: ":") else { return false }
        var port = 0
        for byte in bytes[(position + 1)...] {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return false }
            port = port * 10 + Int(byte - UInt8(ascii: "0"))
            guard port <= Int(UInt16.max) else { return false }
        }
        return true
    }

    package static func isValid(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { self.isValid($0) }
    }

    /// `reg-name`, with what is percent-encoded in it.
    private static func isHostByte(_ byte: UInt8) -> Bool {
        byte.isASCIILetterOrDigit || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || self.marks.contains(byte)
    }

    private static let marks = Array("_~%!$&'()*+,;=".utf8)

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        byte.isASCIILetterOrDigit || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }
}
