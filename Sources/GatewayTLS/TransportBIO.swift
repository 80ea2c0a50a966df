internal import COpenSSL
import NIOCore

/// Where OpenSSL reads ciphertext from and writes it to: two buffers in the place of a socket.
///
/// The `BIO` is owned by the `SSL` it is attached to; this object must outlive that `SSL`, which `TLSConnection`
/// sees to by owning both.
final class TransportBIO {
    private let bio: OpaquePointer  // BIO *, its one reference given to the SSL by `attach`
    fileprivate var input = ByteBuffer()
    fileprivate var output = ByteBuffer()

    private static let recordBytes = 16 * 1024
    private static let headerBytes = 5
    private static let handshakeType: UInt8 = 22
    /// A record's header, nonce, type and tag (RFC 8446 section 5.2, RFC 5288 section 3), generously.
    private static let recordOverheadBytes = 64

    init?() {
        guard let method = TransportBIO.method.pointer, let bio = BIO_new(method) else { return nil }
        self.bio = bio
        BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        BIO_set_init(bio, 1)
    }

    func attach(to ssl: OpaquePointer) {
        // The same BIO for both directions takes one reference (SSL_set_bio(3)).
        SSL_set_bio(ssl, self.bio, self.bio)
    }

    func receive(_ bytes: ByteBuffer) {
        if self.input.readableBytes == 0 {
            self.input = bytes
        } else {
            var bytes = bytes
            self.input.writeBuffer(&bytes)
        }
    }

    /// Keeps bytes that nobody reads yet, in no more room than they need.
    func hold(_ bytes: ByteBuffer) {
        var bytes = bytes
        self.input.writeBuffer(&bytes)
    }

    /// Whether the first record of a handshake is there to its end, or something that is none (RFC 8446 section 5.1).
    var hasFirstRecord: Bool {
        guard let type = self.input.getInteger(at: self.input.readerIndex, as: UInt8.self) else { return false }
        guard type == Self.handshakeType else { return true }
        guard let length = self.input.getInteger(at: self.input.readerIndex + 3, as: UInt16.self) else { return false }
        return length > Self.recordBytes || self.input.readableBytes >= Self.headerBytes + Int(length)
    }

    /// Makes room once for what is about to be encrypted, instead of growing with every record.
    func reserveOutput(plaintext count: Int) {
        let records = count / Self.recordBytes + 1
        self.output.reserveCapacity(
            self.output.readableBytes + count + records * Self.recordOverheadBytes)
    }

    func takeOutput() -> ByteBuffer? {
        guard self.output.readableBytes > 0 else { return nil }
        let taken = self.output
        self.output = ByteBuffer()
        return taken
    }

    fileprivate static func from(_ bio: OpaquePointer?) -> TransportBIO? {
        guard let bio, let data = BIO_get_data(bio) else { return nil }
        return Unmanaged<TransportBIO>.fromOpaque(data).takeUnretainedValue()
    }

    /// One method table for the whole process; OpenSSL only reads it after it is made.
    private struct Method: @unchecked Sendable {
        let pointer: OpaquePointer?

        init() {
            let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "gateway transport")
            self.pointer = method
            guard let method else { return }
            BIO_meth_set_read(method, onRead)
            BIO_meth_set_write(method, onWrite)
            BIO_meth_set_ctrl(method, onControl)
        }
    }

    private static let method = Method()
}

private func onRead(bio: OpaquePointer?, into: UnsafeMutablePointer<CChar>?, count: Int32) -> Int32 {
    guard let transport = TransportBIO.from(bio), let into, count > 0 else { return -1 }
    gateway_BIO_clear_retry_flags(bio)
    let available = min(Int(count), transport.input.readableBytes)
    guard available > 0 else {
        // An empty input is never the end of the stream here: the handler knows when the socket has ended.
        transport.input = ByteBuffer()
        gateway_BIO_set_retry_read(bio)
        return -1
    }
    transport.input.readWithUnsafeReadableBytes { bytes in
        guard let base = bytes.baseAddress else { return 0 }
        UnsafeMutableRawPointer(into).copyMemory(from: base, byteCount: available)
        return available
    }
    return Int32(available)
}

private func onWrite(bio: OpaquePointer?, bytes: UnsafePointer<CChar>?, count: Int32) -> Int32 {
    guard let transport = TransportBIO.from(bio), let bytes, count > 0 else { return -1 }
    gateway_BIO_clear_retry_flags(bio)
    transport.output.writeBytes(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    return count
}

private func onControl(
    _: OpaquePointer?, command: Int32, _: Int, _: UnsafeMutableRawPointer?
) -> Int {
    // OpenSSL flushes after each flight and asks nothing else of a transport.
    command == BIO_CTRL_FLUSH ? 1 : 0
}
