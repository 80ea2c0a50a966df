/// What the store keeps of a stream as a whole: how many pages of lines there are, and at how many targets. A value.
struct StreamHead: Equatable {
    private static let version: UInt8 = 1

    /// Pages that were begun. Written before a page is, so that all of them are found.
    var pages = 0
    let lanes: Int

    init(lanes: Int) {
        self.lanes = lanes
    }

    var bytes: [UInt8] {
        var bytes = [Self.version, UInt8(clamping: self.lanes)]
        withUnsafeBytes(of: UInt32(clamping: self.pages).bigEndian) { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// Nil where the bytes are none that `bytes` has written.
    init?(bytes: [UInt8]) {
        guard bytes.count == 6, bytes[0] == Self.version, bytes[1] > 0 else { return nil }
        self.lanes = Int(bytes[1])
        self.pages = Int(bytes[2...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }
}
