/// Names of hosts as DNS and TLS use them.
enum HostName {
    /// Letters, digits and hyphens in labels of at most 63 bytes, 253 in all (RFC 1035 §2.3.4,
    /// RFC 5891 for others: in their `xn--` form). Underscores are let through: container networks
    /// have them.
    static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (1...253).contains(bytes.count) else { return false }
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let areLabelsValid = labels.allSatisfy { label in
            (1...63).contains(label.count) && label.allSatisfy(Self.isLabelByte)
                && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
        }
        // Only digits and dots is meant as an address, and then has to be one.
        let isNumeric = bytes.allSatisfy { $0 == UInt8(ascii: ".") || Self.isDigit($0) }
        return areLabelsValid && (!isNumeric || IPAddress.isIPv4(text))
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: Self.isDigit(byte)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension ValueKind where Value == String {
    /// The address of a listener.
    static var listenHost: ValueKind {
        .text(
            typeName: "host", expected: "an IP address or a host name such as \"127.0.0.1\"",
            schema: [.init("minLength", 1)],
            isValid: { HostName.isValid($0) || IPAddress.isIPv6($0) },
            hint: { $0.hasPrefix("[") ? "an IPv6 address stands without brackets here" : "" })
    }

    /// A name that a certificate can bear.
    static var hostName: ValueKind {
        .text(
            typeName: "host", expected: "a host name such as \"api.vendor.example\"",
            schema: [.init("minLength", 1)], isValid: HostName.isValid)
    }
}
