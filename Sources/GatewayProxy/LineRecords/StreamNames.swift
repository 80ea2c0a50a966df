import GatewayStore
import GatewayTLS

/// Names the records of streams, and makes the digests of their lines. Owns the storage for it; confined to its event
/// loop.
final class StreamNames {
    private let digester: SHA256Digester
    private var text: [UInt8] = []
    /// Above this the storage is given back, so that one huge line does not pin its memory.
    private static let keptBytesMax = 256 * 1024

    /// - Throws: where OpenSSL has no SHA-256.
    init() throws(TLSError) {
        self.digester = try SHA256Digester()
    }

    /// The record of a caller's key for streams, which has nothing to do with one of a single request. The length keeps
    /// apart what would otherwise run together.
    func stream(_ key: [UInt8], scope: String) -> RecordName? {
        var bytes = Array("product-gateway stream 1".utf8)
        Self.append(scope.utf8.count, to: &bytes)
        bytes.append(contentsOf: scope.utf8)
        bytes.append(contentsOf: key)
        return self.digest(of: bytes).map { RecordName(scope: scope, digest: $0) }
    }

    /// The record of a page of a stream's lines.
    func page(_ page: Int, of stream: RecordName) -> RecordName? {
        var bytes = Array("product-gateway stream page 1".utf8)
        bytes.append(contentsOf: stream.digest.bytes)
        Self.append(page, to: &bytes)
        return self.digest(of: bytes).map { RecordName(scope: stream.scope, digest: $0) }
    }

    /// What a stream asks for apart from its lines, so that another one with the same key is told from a repetition.
    ///
    /// - Parameter targets: sorted.
    func fingerprint(targets: [String], handling: String) -> Fingerprint? {
        var bytes = Array("product-gateway stream question 1".utf8)
        for target in targets {
            Self.append(target.utf8.count, to: &bytes)
            bytes.append(contentsOf: target.utf8)
        }
        let targetsHint = Self.hint(bytes)
        bytes.append(contentsOf: handling.utf8)
        // The operation, the id and the body are the lines' own.
        var hints = Fingerprint.Hints()
        hints[.targets] = targetsHint
        hints[.preferences] = Self.hint(Array(handling.utf8))
        return self.digest(of: bytes).map { Fingerprint(digest: $0, hints: hints) }
    }

    /// What is summed up of a line: of its number and its content, byte for byte.
    func line(_ number: Int, _ content: UnsafeBufferPointer<UInt8>) -> UInt64 {
        self.text.removeAll(keepingCapacity: self.text.capacity <= Self.keptBytesMax)
        Self.append(number, to: &self.text)
        self.text.append(contentsOf: content)
        return self.digester.digest(of: self.text)?.0 ?? 0
    }

    /// What a vendor is told that takes keys: the same for every repetition of the line. 32 hexadecimal digits.
    func vendorKey(of stream: RecordName, line: Int, digest: UInt64, target: String) -> String? {
        var bytes = Array("product-gateway stream vendor key 1".utf8)
        bytes.append(contentsOf: stream.digest.bytes)
        Self.append(line, to: &bytes)
        withUnsafeBytes(of: digest.bigEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: target.utf8)
        return self.digest(of: bytes).map { String($0.hexadecimal.prefix(32)) }
    }

    private func digest(of bytes: [UInt8]) -> Digest256? {
        self.digester.digest(of: bytes).map { Digest256($0.0, $0.1, $0.2, $0.3) }
    }

    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt64(clamping: number).bigEndian) { bytes.append(contentsOf: $0) }
    }

    private static func hint(_ bytes: [UInt8]) -> UInt32 {
        bytes.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
