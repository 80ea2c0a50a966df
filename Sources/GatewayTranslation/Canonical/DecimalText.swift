/// A decimal number as a text: digits, with a point and digits behind it where there is a fraction, and a minus before
/// it where it is negative. What JSON calls a number (RFC 8259 section 6), without an exponent.
///
/// Anything else would be read differently by different vendors: `1.2.3`, `-`, `.5`, `007`.
enum DecimalText {
    static let expectation = "expected a decimal number, such as 12.50, without an exponent"

    /// The same as an ECMA-262 pattern, for JSON Schema.
    static let schemaPattern = "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$"

    static func isOne(_ text: some Sequence<UInt8>) -> Bool {
        var place = Place.start
        for byte in text {
            switch (place, byte) {
            case (.start, UInt8(ascii: "-")): place = .sign
            case (.start, UInt8(ascii: "0")), (.sign, UInt8(ascii: "0")): place = .zero
            case (.start, 0x31...0x39), (.sign, 0x31...0x39), (.whole, 0x30...0x39): place = .whole
            case (.zero, UInt8(ascii: ".")), (.whole, UInt8(ascii: ".")): place = .point
            case (.point, 0x30...0x39), (.fraction, 0x30...0x39): place = .fraction
            default: return false
            }
        }
        return place == .zero || place == .whole || place == .fraction
    }

    /// What has been read so far.
    private enum Place {
        case start, sign, zero, whole, point, fraction
    }
}
