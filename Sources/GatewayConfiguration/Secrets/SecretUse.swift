/// What a secret is used for, and so which bytes it may have.
enum SecretUse: Sendable {
    /// It stands in a header field as it is.
    case headerToken
    /// It is encoded (form or Base64) before it is sent.
    case text

    /// The reason why these bytes cannot be used; nil where they can. Never quotes them.
    func objection(to bytes: [UInt8]) -> String? {
        if bytes.isEmpty { return "is empty" }
        if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            return "contains a control character, such as a line end, that cannot be sent"
        }
        switch self {
        case .text:
            return String(validating: bytes, as: UTF8.self) == nil ? "is not valid UTF-8" : nil
        case .headerToken:
            if bytes.starts(with: Array("Bearer ".utf8)) {
                return "begins with the word Bearer, which the gateway adds itself"
            }
            // RFC 9110 §11.2: a token68 has no spaces; vendors use more signs than it lists.
            if bytes.contains(where: { $0 <= 0x20 || $0 > 0x7E }) {
                return "contains a space or a byte outside ASCII that cannot stand in a header"
            }
            return nil
        }
    }

    /// A secret's file or variable without the line ends behind it, which editors and `echo` add.
    static func strippingLineEnd(_ bytes: [UInt8]) -> [UInt8] {
        var end = bytes.count
        while end > 0, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
        return Array(bytes[..<end])
    }
}
