/// A fault that waits for requests to befall, as `POST /__sandbox/faults` describes it.
struct PlannedFault: Sendable {
    /// An answer given instead of the vendor's.
    struct Replacement: Sendable {
        var status: Int
        var headers: [SandboxHeader]
        var body: [UInt8]
    }

    let vendor: SandboxVendor
    /// Nil befalls both kinds of endpoint.
    let endpoint: RecordedExchange.Endpoint?
    let method: String?
    var remaining: Int
    let replacement: Replacement?
    let transport: SandboxTransportFault
    /// Whether the vendor carries the request out before the fault.
    let isProcessed: Bool
    /// As it was asked for, to be listed.
    let description: SandboxJSON

    func befalls(_ vendor: SandboxVendor, _ endpoint: RecordedExchange.Endpoint, method: String) -> Bool {
        self.vendor == vendor && (self.endpoint == nil || self.endpoint == endpoint)
            && (self.method == nil || self.method == method)
    }
}
