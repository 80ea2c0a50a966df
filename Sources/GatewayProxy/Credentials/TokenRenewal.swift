import GatewayTranslation

/// One request to a token endpoint, on behalf of everybody who needs the token. Confined to its worker's event loop.
final class TokenRenewal: AttemptDelegate {
    private let source: OAuth2TokenSource
    private let worker: Worker
    private var triesLeft = 2

    /// Longer than any token endpoint should take, shorter than any caller's patience.
    private static let timeoutNanoseconds: UInt64 = 10_000_000_000

    init(source: OAuth2TokenSource, worker: Worker) {
        self.source = source
        self.worker = worker
    }

    func start() {
        self.triesLeft -= 1
        let attempt = Attempt(
            request: self.source.request.makeRequest(requestID: RequestID(from: &self.worker.random)),
            worker: self.worker, delegate: self)
        self.worker.schedule(attempt, in: Self.timeoutNanoseconds)
        self.worker.pool(for: self.source.endpoint).submit(attempt)
    }

    func attempt(_: Attempt, finished result: Result<VendorAnswer, AttemptFailure>) {
        switch result {
        case .success(let answer):
            switch self.source.request.read(answer) {
            case .success(let (token, lifetime)):
                self.worker.ledger.credentialsRefreshed(.ok, at: self.source.endpoint, of: self.worker.targets)
                self.source.renewed(
                    accessToken: token, lifetimeSeconds: lifetime, now: self.worker.now())
            case .failure(let failure):
                self.fail(failure)
            }
        case .failure(.refused) where self.triesLeft > 0,
            .failure(.endedWithoutAnswer) where self.triesLeft > 0:
            // An idle connection that the vendor was closing: asking for a token twice does no harm.
            self.start()
        case .failure(let failure):
            self.fail(.unavailable(failure))
        }
    }

    private func fail(_ failure: TokenFailure) {
        self.worker.ledger.credentialsRefreshed(
            failure.counted, at: self.source.endpoint, of: self.worker.targets)
        self.worker.logger.warning(
            "no access token", metadata: ["host": "\(self.source.endpoint.host)", "reason": "\(failure)"])
        self.source.renewalFailed(failure, now: self.worker.now())
    }
}
