import GatewayTranslation

extension Answer {
    /// A problem document, with the fields that go with it.
    init(_ problem: Problem, requestID: String) {
        self.init(
            status: problem.status, contentType: .problem, body: problem.json(requestID: requestID),
            retryAfterSeconds: problem.retryAfterSeconds,
            proxyStatus: ProxyStatus.bytes(for: problem))
    }
}
