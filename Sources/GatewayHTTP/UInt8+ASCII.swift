extension UInt8 {
    /// Whether it is one of `A`-`Z`, `a`-`z` and `0`-`9`: what every name, token and URL may hold unencoded.
    package var isASCIILetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// `a`-`z` in the place of `A`-`Z`, everything else as it is.
    package var asciiLowercased: UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self ? self | 0x20 : self
    }

    /// A space or a tab: the white space that fields may have (RFC 9110 section 5.6.3).
    @inlinable
    package var isFieldSpace: Bool { self == 0x20 || self == 0x09 }

    /// RFC 9110 section 5.6.2.
    package var isTokenByte: Bool {
        switch self {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: self.isASCIILetterOrDigit
        }
    }
}
