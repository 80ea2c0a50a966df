internal import CZlib

/// gzip (RFC 1952), by zlib.
enum Gzip {
    /// 15 bits of window, and 16 for gzip's header and trailer instead of zlib's (zlib.h, deflateInit2).
    private static let windowBits: Int32 = 15 + 16
    /// zlib's default: 256 KiB.
    private static let memoryLevel: Int32 = 8

    /// Nil where the library fails: then what was to be compressed is sent as it is.
    static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        guard let count = UInt32(exactly: bytes.count) else { return nil }
        // In one place: zlib's state points back to it.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        guard
            deflateInit2_(
                stream, Z_BEST_SPEED, Z_DEFLATED, self.windowBits, self.memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { deflateEnd(stream) }
        var compressed = [UInt8](repeating: 0, count: Int(deflateBound(stream, UInt(bytes.count))))
        var input = bytes
        let room = UInt32(clamping: compressed.count)
        let code = input.withUnsafeMutableBufferPointer { source in
            compressed.withUnsafeMutableBufferPointer { target in
                stream.pointee.next_in = source.baseAddress
                stream.pointee.avail_in = count
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = room
                return deflate(stream, Z_FINISH)
            }
        }
        guard code == Z_STREAM_END else { return nil }
        compressed.removeLast(Int(stream.pointee.avail_out))
        return compressed
    }
}
