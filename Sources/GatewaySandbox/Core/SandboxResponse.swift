/// What a stand-in answers, and what the transport is to do to the answer on its way.
package struct SandboxResponse: Sendable, Equatable {
    package var status: Int
    /// Without `content-length`, which the transport adds from `body`.
    package var headers: [SandboxHeader]
    package var body: [UInt8]
    package var fault: SandboxTransportFault

    package init(
        status: Int, headers: [SandboxHeader] = [], body: [UInt8] = [], fault: SandboxTransportFault = .none
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.fault = fault
    }
}
