/// Writes a token with parameters as structured fields have it (RFC 9651 sections 3.1.2 and 3.3).
package struct StructuredItem {
    package private(set) var bytes: [UInt8] = []

    /// - Parameter capacity: bytes to set aside, those of the parameters included.
    package init(token: StaticString, capacity: Int) {
        self.bytes.reserveCapacity(capacity)
        self.bytes.append(token)
    }

    package mutating func append(_ key: StaticString, token: StaticString) {
        self.append(key: key)
        self.bytes.append(token)
    }

    package mutating func append(_ key: StaticString, integer: Int) {
        self.append(key: key)
        self.bytes.append(contentsOf: String(integer).utf8)
    }

    /// Of a text only the printable ASCII characters are written: a string has no others.
    package mutating func append(_ key: StaticString, string: String) {
        self.append(key: key)
        self.bytes.append(UInt8(ascii: "\""))
        for byte in string.utf8 where byte >= 0x20 && byte < 0x7F {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { self.bytes.append(UInt8(ascii: "\\")) }
            self.bytes.append(byte)
        }
        self.bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(key: StaticString) {
        self.bytes.append("; ")
        self.bytes.append(key)
        self.bytes.append(UInt8(ascii: "="))
    }
}
