import GatewayJSON

/// What ties an answer, a log line and a vendor's request together: 1 to 128 visible ASCII characters.
///
/// One that the gateway has drawn is kept as its bits, so that it can be handed on without counting references.
struct RequestID {
    private enum Value {
        case drawn(high: UInt64, low: UInt64)
        case given([UInt8])
    }

    private let value: Value

    /// That of nothing yet.
    static let none = RequestID(value: .given([]))

    private init(value: Value) {
        self.value = value
    }

    private static let lengthMax = 128

    /// A new one: 128 random bits, as 32 hexadecimal digits.
    init(from generator: inout some RandomNumberGenerator) {
        self.value = .drawn(high: generator.next(), low: generator.next())
    }

    /// The caller's own, if it is one that can stand in a log line without harm.
    init?(_ value: UnsafeBufferPointer<UInt8>) {
        guard (1...Self.lengthMax).contains(value.count),
            value.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C })
        else { return nil }
        self.value = .given(Array(value))
    }

    var isNone: Bool {
        if case .given(let bytes) = self.value { bytes.isEmpty } else { false }
    }

    /// The characters; the buffer is valid within `body` only.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        switch self.value {
        case .given(let bytes):
            bytes.withUnsafeBufferPointer(body)
        case .drawn(let high, let low):
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { buffer in
                HexDigits.write(high, to: buffer, at: 0)
                HexDigits.write(low, to: buffer, at: 16)
                return body(UnsafeBufferPointer(buffer))
            }
        }
    }

    var string: String { self.withBytes { String(decoding: $0, as: UTF8.self) } }
}
