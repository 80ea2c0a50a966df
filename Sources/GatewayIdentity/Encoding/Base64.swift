/// Base64 with padding, as structured fields have it (RFC 4648 section 4, RFC 9651 section 3.3.5).
package enum Base64 {
    /// The bytes of a text; nil for anything that is not strict.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes = Array(text)
        guard bytes.count % 4 == 0 else { return nil }
        for _ in 0..<2 where bytes.last == UInt8(ascii: "=") { bytes.removeLast() }
        guard !bytes.contains(UInt8(ascii: "-")), !bytes.contains(UInt8(ascii: "_")) else { return nil }
        for (position, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "+") { bytes[position] = UInt8(ascii: "-") }
            if byte == UInt8(ascii: "/") { bytes[position] = UInt8(ascii: "_") }
        }
        return Base64URL.decode(bytes)
    }
}
