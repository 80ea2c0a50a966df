import GatewayJSON
import GatewayStore
import GatewayTLS
import GatewayTranslation

/// Makes the names of records and the fingerprints of requests. Owns the storage for it; confined to its event loop.
final class RequestFingerprint {
    private let tape = JSONTape()
    private let digester: SHA256Digester
    private let text = CanonicalText()
    private let body = CanonicalBody()

    /// - Throws: where OpenSSL has no SHA-256.
    init() throws(TLSError) {
        self.digester = try SHA256Digester()
    }

    /// The record of a caller's key. The lengths keep apart what would otherwise run together. Short: with the name of
    /// most callers and an UUID it is one block of the digest.
    func name(of key: [UInt8], scope: String) -> RecordName? {
        self.text.removeAll()
        self.text.append(text: "PGK1".utf8)
        self.text.append(text: scope.utf8)
        self.text.append(text: key)
        return self.digest().map { RecordName(scope: scope, digest: $0) }
    }

    private func digest() -> Digest256? {
        self.digester.digest(of: UnsafeRawBufferPointer(self.text.bytes)).map { Digest256($0.0, $0.1, $0.2, $0.3) }
    }

    /// What one target's vendor is told instead of the caller's key, which is not its business: 128 bits that follow
    /// from the record, so that every gateway and every repetition tells it the same. As 32 hexadecimal digits, because
    /// some vendors take no more than 45 characters.
    func vendorKey(of record: RecordName, target: String) -> String? {
        self.text.removeAll()
        self.text.append(text: "product-gateway vendor key 1".utf8)
        self.text.append(text: record.digest.bytes)
        self.text.append(text: target.utf8)
        return self.digest().map { String($0.hexadecimal.prefix(32)) }
    }

    /// Of a request with its whole body.
    ///
    /// - Parameter limits: those by which the body is read. One that is no JSON counts as it is: it is refused anyway.
    func fingerprint(of question: borrowing Question, body: [UInt8], limits: JSONLimits) -> Fingerprint? {
        self.text.removeAll()
        var hints = Fingerprint.Hints()
        for part in Fingerprint.Part.allCases {
            let start = self.text.count
            switch part {
            case .operation: self.text.append(question.operation == .create ? 2 : 1)
            case .id: self.text.append(text: question.productID ?? [])
            case .targets: self.append(question.targets)
            case .preferences: self.append(question.preferences, question.conditions)
            case .body: self.append(body: body, limits: limits)
            }
            hints[part] = Self.hint(of: UnsafeRawBufferPointer(self.text.bytes(from: start)))
        }
        return self.digest().map { Fingerprint(digest: $0, hints: hints) }
    }

    /// In the order of their names, because that of a request does not matter.
    private func append(_ targets: [Target]) {
        self.text.reserve(CanonicalText.lengthBytesMax)
        self.text.append(length: targets.count)
        guard targets.count > 1 else {
            for target in targets { self.text.append(text: target.name.utf8) }
            return
        }
        for name in targets.map(\.name).sorted() { self.text.append(text: name.utf8) }
    }

    /// What the caller prefers and holds the product against: the answer depends on it.
    private func append(_ preferences: Preferences, _ conditions: RequestConditions) {
        self.text.reserve(3 + CanonicalText.lengthBytesMax)
        self.text.append(preferences.handling.map { $0 == .strict ? 1 : 2 } ?? 0)
        self.text.append(preferences.isMinimal ? 1 : 0)
        guard let condition = conditions.ifMatch else { return self.text.append(0) }
        self.text.append(condition.isAny ? 2 : 1)
        self.text.append(length: condition.tags.count)
        for tag in condition.tags { self.text.append(text: tag.utf8) }
    }

    private func append(body: [UInt8], limits: JSONLimits) {
        let isJSON = body.withUnsafeBufferPointer { bytes in
            guard let view = try? self.tape.parse(bytes, limits: limits) else { return false }
            self.body.append(view, at: 0, textBytes: bytes.count, to: self.text)
            return true
        }
        guard !isJSON else { return }
        self.text.reserve(1)
        self.text.append(UInt8(ascii: "?"))
        self.text.append(text: body)
    }

    /// Tells most parts apart from another request's, to say what differs; the digest decides whether anything does.
    /// Sixteen bytes at a time: a body is long.
    private static func hint(of bytes: UnsafeRawBufferPointer) -> UInt32 {
        // The golden ratio, as in Fibonacci hashing (Knuth, volume 3, section 6.4), and the square root of two.
        let (one, other): (UInt64, UInt64) = (0x9E37_79B9_7F4A_7C15, 0x6A09_E667_F3BC_C909)
        var hash = UInt64(bytes.count) &* one
        var index = 0
        while index &+ 16 <= bytes.count {
            let first = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let second = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index &+ 8, as: UInt64.self))
            let product = (first ^ hash ^ one).multipliedFullWidth(by: second ^ other)
            hash = product.high ^ product.low
            index &+= 16
        }
        while index < bytes.count {
            hash = (hash ^ UInt64(bytes[index])) &* one
            hash ^= hash >> 32
            index &+= 1
        }
        return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    }
}
