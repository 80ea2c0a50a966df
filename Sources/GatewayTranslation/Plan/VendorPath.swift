/// What a vendor calls a field, read token by token: `data.attributes.sku`, `/data/attributes/sku`, `$.tags[3]`.
///
/// Borrows the bytes.
struct VendorPath: BitwiseCopyable {
    private var start: UnsafePointer<UInt8>
    private let end: UnsafePointer<UInt8>

    /// `$` and `#` at the beginning mean the document.
    init(base: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) {
        self.start = base
        self.end = end
        if self.start < end, self.start.pointee == UInt8(ascii: "$") { self.start += 1 }
        if self.start < end, self.start.pointee == UInt8(ascii: "#") { self.start += 1 }
    }

    /// The next token, which is never empty; nil at the end.
    mutating func next() -> UnsafeBufferPointer<UInt8>? {
        while self.start < self.end, Self.separates(self.start.pointee) { self.start += 1 }
        guard self.start < self.end else { return nil }
        let first = self.start
        while self.start < self.end, !Self.separates(self.start.pointee) { self.start += 1 }
        return UnsafeBufferPointer(start: first, count: self.start - first)
    }

    @inline(__always)
    private static func separates(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "/"): true
        default: false
        }
    }
}
