import GatewayJSON

/// What a vendor calls a field, read token by token: `data.attributes.sku`, `/data/attributes/sku`, `$.tags[3]`,
/// `data['attributes']["sku"]`, `Products('A/1')/Name`.
///
/// Borrows the bytes.
struct VendorPath: BitwiseCopyable {
    private var start: UnsafePointer<UInt8>
    private let end: UnsafePointer<UInt8>
    /// An RFC 6901 pointer: only `/` separates, and `~0` and `~1` are escapes.
    let isPointer: Bool

    /// `$` and `#` at the beginning mean the document; so does `/#TRANSIENT#`, by which SAP's services mark what they
    /// say of a request and keep nowhere.
    init(base: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) {
        self.end = end
        var start = base
        if end - start > Self.transient.utf8CodeUnitCount, start[1] == UInt8(ascii: "#"),
            JSONView.areEqual(
                UnsafeBufferPointer(start: start, count: Self.transient.utf8CodeUnitCount),
                UnsafeBufferPointer(start: Self.transient.utf8Start, count: Self.transient.utf8CodeUnitCount))
        {
            start += Self.transient.utf8CodeUnitCount
        }
        if start < end, start.pointee == UInt8(ascii: "$") { start += 1 }
        if start < end, start.pointee == UInt8(ascii: "#") { start += 1 }
        self.start = start
        self.isPointer = start < end && start.pointee == UInt8(ascii: "/")
    }

    private static let transient: StaticString = "/#TRANSIENT#"

    /// The next token, which is never empty; nil at the end. Without its quotes, with its escapes.
    mutating func next() -> UnsafeBufferPointer<UInt8>? {
        while self.start < self.end, self.separates(self.start.pointee) { self.start += 1 }
        guard self.start < self.end else { return nil }
        if let quoted = self.nextQuoted() { return quoted }
        let first = self.start
        while self.start < self.end, !self.separates(self.start.pointee) {
            if self.start > first, self.start.pointee == UInt8(ascii: "("), let behind = self.behindKey() {
                defer { self.start = behind }
                return UnsafeBufferPointer(start: first, count: self.start - first)
            }
            self.start += 1
        }
        return UnsafeBufferPointer(start: first, count: self.start - first)
    }

    /// Where a key of OData ends that begins here: `('A/1')`, `(Product='A',Language='EN')`. Nil where it is none: then
    /// something else stands behind the parenthesis, or none closes it.
    private func behindKey() -> UnsafePointer<UInt8>? {
        var place = self.start + 1
        var isQuoted = false
        while place < self.end, isQuoted || place.pointee != UInt8(ascii: ")") {
            if place.pointee == UInt8(ascii: "'") { isQuoted.toggle() }
            place += 1
        }
        guard place < self.end else { return nil }
        let behind = place + 1
        return behind == self.end || self.separates(behind.pointee) ? behind : nil
    }

    /// Whether nothing is left.
    var isAtEnd: Bool {
        var rest = self
        return rest.next() == nil
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
