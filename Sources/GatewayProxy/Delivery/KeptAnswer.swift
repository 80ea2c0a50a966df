import GatewayTranslation

/// What one target was answered, complete, to be given again: now, as the answer to the first request, and whenever the
/// request is repeated with its key.
final class KeptAnswer: Sendable {
    let status: Int
    /// As the log and the metrics have it: `ok`, or a problem's code.
    let code: String
    let isProblem: Bool
    /// Of a problem; nil where the change was made.
    let outcome: Outcome?
    /// A document of its own, or one of several results: the fingerprint of a request decides which.
    let body: [UInt8]
    let location: [UInt8]?
    let entityTag: String?
    let proxyStatus: [UInt8]?

    init(
        status: Int, code: String, isProblem: Bool, outcome: Outcome?, body: [UInt8], location: [UInt8]? = nil,
        entityTag: String? = nil, proxyStatus: [UInt8]? = nil
    ) {
        self.status = status
        self.code = code
        self.isProblem = isProblem
        self.outcome = outcome
        self.body = body
        self.location = location
        self.entityTag = entityTag
        self.proxyStatus = proxyStatus
    }
}

extension KeptAnswer {
    /// The first byte of what is written: another way of writing gets another number, and what was kept before an
    /// upgrade is still read.
    private static let version: UInt8 = 1

    /// As a store keeps it: the version, the status, flags, five texts with their lengths.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(self.body.count + 128)
        bytes.append(Self.version)
        Self.append(UInt16(clamping: self.status), to: &bytes)
        bytes.append(self.isProblem ? 1 : 0)
        Self.append(self.code.utf8, to: &bytes)
        Self.append(self.outcome?.rawValue.utf8, to: &bytes)
        Self.append(self.location, to: &bytes)
        Self.append(self.entityTag?.utf8, to: &bytes)
        Self.append(self.proxyStatus, to: &bytes)
        bytes.append(contentsOf: self.body)
        return bytes
    }

    private static func append(_ text: (some Collection<UInt8>)?, to bytes: inout [UInt8]) {
        // A length of one more than there is; zero is for none.
        self.append(UInt32(clamping: text.map { $0.count + 1 } ?? 0), to: &bytes)
        if let text { bytes.append(contentsOf: text) }
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Nil where the bytes are none that `bytes` has written.
    convenience init?(bytes: [UInt8]) {
        guard bytes.count >= 4, bytes[0] == Self.version else { return nil }
        var rest = bytes[4...]
        var texts: [[UInt8]?] = []
        for _ in 0..<5 {
            guard rest.count >= 4 else { return nil }
            let length = Int(rest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
            rest = rest.dropFirst(4)
            guard length > 0 else {
                texts.append(nil)
                continue
            }
            guard rest.count >= length - 1 else { return nil }
            texts.append(Array(rest.prefix(length - 1)))
            rest = rest.dropFirst(length - 1)
        }
        func string(_ position: Int) -> String? { texts[position].map { String(decoding: $0, as: UTF8.self) } }
        self.init(
            status: Int(bytes[1]) << 8 | Int(bytes[2]), code: string(0) ?? "", isProblem: bytes[3] & 1 == 1,
            outcome: string(1).flatMap(Outcome.init), body: Array(rest), location: texts[2], entityTag: string(3),
            proxyStatus: texts[4])
    }
}
