/// What a request's fields say of where it comes from and who has sent it. Anybody can write them: `TrustedProxies`
/// says what of it counts. Borrowed from the fields: valid while they are delivered.
struct ReceivedForwarding {
    /// The last line of `Forwarded`.
    var forwarded: UnsafeBufferPointer<UInt8>?
    /// The last line of `X-Forwarded-For`.
    var xForwardedFor: UnsafeBufferPointer<UInt8>?
    /// `Client-Cert`; of two lines neither counts.
    private(set) var certificate: UnsafeBufferPointer<UInt8>?
    private var hasCertificate = false

    mutating func take(certificate value: UnsafeBufferPointer<UInt8>) {
        self.certificate = self.hasCertificate ? nil : value
        self.hasCertificate = true
    }

    func address(_ field: TrustedProxies.AddressField?) -> UnsafeBufferPointer<UInt8>? {
        switch field {
        case .forwarded: self.forwarded
        case .xForwardedFor: self.xForwardedFor
        case nil: nil
        }
    }
}
