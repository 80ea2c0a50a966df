/// One request to a stand-in and what became of it.
struct RecordedExchange: Sendable {
    /// Which of a vendor's two kinds of endpoint was asked.
    enum Endpoint: String, Sendable { case products, token }

    var number: Int
    let vendor: SandboxVendor
    let endpoint: Endpoint
    let request: SandboxRequest
    /// As the stand-in meant it; `fault` says whether it arrived so.
    let response: SandboxResponse
    let notes: [String]

    /// Whether a status was meant to reach the requester.
    var isAnswered: Bool {
        switch self.response.fault.act {
        case .answer, .closeAfterHeaders, .closeMidBody, .truncate, .truncateLength, .dribble, .goAway: true
        case .never, .closeBeforeHeaders, .reset, .refusedStream, .garbage, .goAwayRefused: false
        }
    }

    /// The bytes it holds, for the recorder's limit.
    var byteCount: Int { self.request.body.count + self.response.body.count }
}
