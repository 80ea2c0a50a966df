/// `application/x-www-form-urlencoded`, as the WHATWG URL Standard section 5.2 serialises it.
package enum FormEncoding {
    package static func encode(_ pairs: [(String, [UInt8])]) -> [UInt8] {
        var encoded: [UInt8] = []
        for (name, value) in pairs {
            if !encoded.isEmpty { encoded.append(UInt8(ascii: "&")) }
            Self.append(Array(name.utf8), to: &encoded)
            encoded.append(UInt8(ascii: "="))
            Self.append(value, to: &encoded)
        }
        return encoded
    }

    private static func append(_ text: [UInt8], to encoded: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                _ where byte.isASCIILetterOrDigit:
                encoded.append(byte)
            case UInt8(ascii: " "):
                encoded.append(UInt8(ascii: "+"))
            default:
                encoded.append(UInt8(ascii: "%"))
                encoded.append(HexDigits.upperCaseDigit(byte >> 4))
                encoded.append(HexDigits.upperCaseDigit(byte))
            }
        }
    }
}
