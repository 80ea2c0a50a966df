import GatewayJSON
import GatewayStore
import GatewayTLS
import GatewayTranslation

/// Makes the names of records and the fingerprints of requests. Owns the storage for it; confined to its event loop.
final class RequestFingerprint {
    private let tape = JSONTape()
    private let digester: SHA256Digester
    private var canonical: [UInt8] = []
    /// Above this the storage is given back, so that one huge body does not pin its memory.
    private static let keptBytesMax = 256 * 1024

    /// - Throws: where OpenSSL has no SHA-256.
    init() throws(TLSError) {
        self.digester = try SHA256Digester()
    }

    /// The record of a caller's key. The lengths keep apart what would otherwise run together.
    func name(of key: [UInt8], scope: String) -> RecordName? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(key.count + scope.utf8.count + 24)
        bytes.append(contentsOf: "product-gateway key 1".utf8)
        Self.append(Array(scope.utf8), to: &bytes)
        bytes.append(contentsOf: key)
        return self.digester.digest(of: bytes).map {
            RecordName(scope: scope, digest: Digest256($0.0, $0.1, $0.2, $0.3))
        }
    }

    /// What one target's vendor is told instead of the caller's key, which is not its business: 128 bits that follow
    /// from the record, so that every gateway and every repetition tells it the same. As 32 hexadecimal digits, because
    /// some vendors take no more than 45 characters.
    func vendorKey(of record: RecordName, target: String) -> String? {
        var bytes = Array("product-gateway vendor key 1".utf8)
        bytes.append(contentsOf: record.digest.bytes)
        bytes.append(contentsOf: target.utf8)
        return self.digester.digest(of: bytes).map {
            String(Digest256($0.0, $0.1, $0.2, $0.3).hexadecimal.prefix(32))
        }
    }

    /// Of a request with its whole body.
    ///
    /// - Parameter limits: those by which the body is read. One that is no JSON counts as it is: it is refused anyway.
    func fingerprint(of question: Question, body: [UInt8], limits: JSONLimits) -> Fingerprint? {
        self.canonical.removeAll(keepingCapacity: self.canonical.capacity <= Self.keptBytesMax)
        var hints: [UInt32] = []
        var start = 0
        func close(_ output: inout [UInt8]) {
            hints.append(output.withUnsafeBytes { Self.hint(of: UnsafeRawBufferPointer(rebasing: $0[start...])) })
            start = output.count
        }
        hints.reserveCapacity(5)
        self.canonical.append(question.operation == .create ? 2 : 1)
        close(&self.canonical)
        Self.append(question.productID ?? [], to: &self.canonical)
        close(&self.canonical)
        for name in question.targets.map(\.name).sorted() { Self.append(Array(name.utf8), to: &self.canonical) }
        close(&self.canonical)
        Self.append(Array(Self.conditions(of: question).utf8), to: &self.canonical)
        close(&self.canonical)
        self.append(body: body, limits: limits)
        close(&self.canonical)
        return self.digester.digest(of: self.canonical).map {
            Fingerprint(digest: Digest256($0.0, $0.1, $0.2, $0.3), hints: hints)
        }
    }

    /// Tells most parts apart from another request's, to say what differs; the digest decides whether anything does.
    /// Eight bytes at a time: a body is long.
    private static func hint(of bytes: UnsafeRawBufferPointer) -> UInt32 {
        // The golden ratio, as in Fibonacci hashing (Knuth, volume 3, section 6.4).
        let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
        var hash = UInt64(bytes.count) &* factor
        var index = 0
        while index &+ 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            hash = (hash ^ word) &* factor
            hash ^= hash >> 32
            index &+= 8
        }
        while index < bytes.count {
            hash = (hash ^ UInt64(bytes[index])) &* factor
            hash ^= hash >> 32
            index &+= 1
        }
        return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    }

    private func append(body: [UInt8], limits: JSONLimits) {
        let isJSON = body.withUnsafeBufferPointer { bytes in
            guard let view = try? self.tape.parse(bytes, limits: limits) else { return false }
            CanonicalBody.append(view, at: 0, to: &self.canonical)
            return true
        }
        guard !isJSON else { return }
        self.canonical.append(UInt8(ascii: "?"))
        self.canonical.append(contentsOf: body)
    }

    /// What the caller prefers and holds the product against: the answer depends on it.
    private static func conditions(of question: Question) -> String {
        let handling = question.preferences.handling.map { "\($0)" } ?? ""
        let ifMatch = question.conditions.ifMatch.map { "\($0.isAny) \($0.tags.joined(separator: ","))" } ?? ""
        return "\(handling) \(question.preferences.isMinimal) \(ifMatch)"
    }

    private static func append(_ text: [UInt8], to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: text.count).bigEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: text)
    }
}
