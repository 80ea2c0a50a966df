import GatewayJSON

/// What a vendor calls a field, read token by token: `data.attributes.sku`, `/data/attributes/sku`, `$.tags[3]`,
/// `data['attributes']["sku"]`.
///
/// Borrows the bytes.
struct VendorPath: BitwiseCopyable {
    private var start: UnsafePointer<UInt8>
    private let end: UnsafePointer<UInt8>
    /// An RFC 6901 pointer: only `/` separates, and `~0` and `~1` are escapes.
    let isPointer: Bool

    /// `$` and `#` at the beginning mean the document.
    init(base: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) {
        self.end = end
        var start = base
        if start < end, start.pointee == UInt8(ascii: "$") { start += 1 }
        if start < end, start.pointee == UInt8(ascii: "#") { start += 1 }
        self.start = start
        self.isPointer = start < end && start.pointee == UInt8(ascii: "/")
    }

    /// The next token, which is never empty; nil at the end. Without its quotes, with its escapes.
    mutating func next() -> UnsafeBufferPointer<UInt8>? {
        while self.start < self.end, self.separates(self.start.pointee) { self.start += 1 }
        guard self.start < self.end else { return nil }
        if let quoted = self.nextQuoted() { return quoted }
        let first = self.start
        while self.start < self.end, !self.separates(self.start.pointee) { self.start += 1 }
        return UnsafeBufferPointer(start: first, count: self.start - first)
    }

    /// A token between quotes, in which nothing separates; nil where there is none, or nothing in it.
    private mutating func nextQuoted() -> UnsafeBufferPointer<UInt8>? {
        let quote = self.start.pointee
        guard !self.isPointer, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "`")
        else { return nil }
        var close = self.start + 1
        while close < self.end, close.pointee != quote { close += 1 }
        guard close < self.end, close - self.start > 1 else { return nil }
        let token = UnsafeBufferPointer(start: self.start + 1, count: close - self.start - 1)
        self.start = close + 1
        return token
    }

    /// A token as a text, its escapes resolved.
    func text(of token: UnsafeBufferPointer<UInt8>) -> String {
        let text = String(decoding: token, as: UTF8.self)
        guard self.isPointer, token.contains(UInt8(ascii: "~")) else { return text }
        return JSONPointer.tokens("/" + text)?.first ?? text
    }

    @inline(__always)
    private func separates(_ byte: UInt8) -> Bool {
        if byte == UInt8(ascii: "/") { return true }
        guard !self.isPointer else { return false }
        return byte == UInt8(ascii: ".") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
    }
}
