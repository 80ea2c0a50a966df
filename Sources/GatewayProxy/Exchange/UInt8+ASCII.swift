extension UInt8 {
    /// Whether it is one of `A`-`Z`, `a`-`z` and `0`-`9`: what every name, token and URL may hold unencoded.
    var isASCIILetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
