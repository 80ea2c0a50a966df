import GatewayHTTP

/// What a request's fields say of who sends it. Borrowed from the fields: valid while they are delivered.
struct ShownCredentials {
    private(set) var authorization: UnsafeBufferPointer<UInt8>?
    private(set) var apiKey: UnsafeBufferPointer<UInt8>?
    /// There are two proofs, of which one might be somebody else's.
    private(set) var areSeveral = false

    mutating func take(authorization value: UnsafeBufferPointer<UInt8>) {
        if self.authorization != nil || self.apiKey != nil { self.areSeveral = true }
        self.authorization = value
    }

    mutating func take(apiKey value: UnsafeBufferPointer<UInt8>) {
        if self.authorization != nil || self.apiKey != nil { self.areSeveral = true }
        self.apiKey = value
    }

    var areNone: Bool { self.authorization == nil && self.apiKey == nil }

    /// What stands behind `Bearer` (RFC 6750 section 2.1); nil for any other scheme.
    var bearer: UnsafeBufferPointer<UInt8>? {
        guard let value = self.authorization else { return nil }
        let scheme: StaticString = "bearer"
        let length = scheme.utf8CodeUnitCount
        guard value.count > length, value[length] == UInt8(ascii: " "),
            (0..<length).allSatisfy({ value[$0].asciiLowercased == scheme.utf8Start[$0] })
        else { return nil }
        var rest = value[(length + 1)...]
        while rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
        return UnsafeBufferPointer(rebasing: rest)
    }
}
