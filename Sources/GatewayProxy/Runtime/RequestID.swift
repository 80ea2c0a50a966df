import GatewayHTTP

/// What ties an answer, a log line and a vendor's request together: 1 to 128 visible ASCII characters.
///
/// One that the gateway has drawn is kept as its digits and no array, so that it can be handed on without counting
/// references.
struct RequestID {
    private enum Value {
        /// 32 digits, eight in each word, as they lie in memory.
        case drawn(UInt64, UInt64, UInt64, UInt64)
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
        let (first, second) = HexDigits.words(of: generator.next())
        let (third, fourth) = HexDigits.words(of: generator.next())
        self.value = .drawn(first, second, third, fourth)
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
        case .drawn(let first, let second, let third, let fourth):
            withUnsafeBytes(of: (first, second, third, fourth)) { body($0.assumingMemoryBound(to: UInt8.self)) }
        }
    }

    var string: String { self.withBytes { String(decoding: $0, as: UTF8.self) } }
}
