import GatewayJSON

/// What ties an answer, a log line and a vendor's request together: 1 to 128 visible ASCII characters.
struct RequestID {
    let bytes: [UInt8]

    /// That of nothing yet.
    static let none = RequestID()

    private init() {
        self.bytes = []
    }

    private static let lengthMax = 128

    /// A new one: 128 random bits, as 32 hexadecimal digits.
    init(from generator: inout some RandomNumberGenerator) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        HexDigits.withDigits(of: generator.next()) { bytes.append(bytes: $0) }
        HexDigits.withDigits(of: generator.next()) { bytes.append(bytes: $0) }
        self.bytes = bytes
    }

    /// The caller's own, if it is one that can stand in a log line without harm.
    init?(_ value: UnsafeBufferPointer<UInt8>) {
        guard (1...Self.lengthMax).contains(value.count),
            value.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C })
        else { return nil }
        self.bytes = Array(value)
    }

    var string: String { String(decoding: self.bytes, as: UTF8.self) }
}
