/// What a request's fields say of where it comes from and who has sent it. Anybody can write them: `TrustedProxies`
/// says what of it counts. Borrowed from the fields: valid while they are delivered.
struct ReceivedForwarding {
    /// The lines of one field, in their order.
    private struct Lines {
        // By itself, because nearly always there is no other.
        var first: UnsafeBufferPointer<UInt8>?
        var others: [UnsafeBufferPointer<UInt8>] = []

        mutating func append(_ line: UnsafeBufferPointer<UInt8>) {
            if self.first == nil {
                self.first = line
            } else {
                self.others.append(line)
            }
        }
    }

    private var forwarded = Lines()
    private var xForwardedFor = Lines()
    /// `Client-Cert`: how often it occurs, and its first line. Of two lines neither counts.
    private(set) var certificates = 0
    private(set) var certificate: UnsafeBufferPointer<UInt8>?

    mutating func take(forwarded line: UnsafeBufferPointer<UInt8>) { self.forwarded.append(line) }

    mutating func take(xForwardedFor line: UnsafeBufferPointer<UInt8>) { self.xForwardedFor.append(line) }

    mutating func take(certificate value: UnsafeBufferPointer<UInt8>) {
        if self.certificates == 0 { self.certificate = value }
        self.certificates += 1
    }

    /// A field's value; several lines are one list (RFC 9110 section 5.3). Nil where there is none.
    func address(_ field: TrustedProxies.AddressField?) -> [UInt8]? {
        let lines: Lines
        switch field {
        case .forwarded: lines = self.forwarded
        case .xForwardedFor: lines = self.xForwardedFor
        case nil: return nil
        }
        guard let first = lines.first else { return nil }
        var value = Array(first)
        for line in lines.others {
            value.append(UInt8(ascii: ","))
            value.append(contentsOf: line)
        }
        return value
    }
}
