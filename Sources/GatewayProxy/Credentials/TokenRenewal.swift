import GatewayMetrics
import GatewayTranslation

/// One request to a token endpoint, on behalf of everybody who needs the token. Confined to its worker's event loop.
final class TokenRenewal: AttemptDelegate {
    private let source: OAuth2TokenSource
    private let environment: UpstreamEnvironment
    private var triesLeft = 2

    /// Longer than any token endpoint should take, shorter than any caller's patience.
    private static let timeoutNanoseconds: UInt64 = 10_000_000_000

    init(source: OAuth2TokenSource, environment: UpstreamEnvironment) {
        self.source = source
        self.environment = environment
    }

    func start() {
        self.triesLeft -= 1
        let attempt = Attempt(
            request: self.source.request.makeRequest(requestID: RequestID(from: &self.environment.random)),
            environment: self.environment, delegate: self)
        self.environment.deadlines.schedule(attempt, in: Self.timeoutNanoseconds)
        self.environment.pool(for: self.source.endpoint).submit(attempt)
    }

    func attempt(_: Attempt, finished result: Result<VendorAnswer, AttemptFailure>) {
        switch result {
        case .success(let answer):
            switch self.source.request.read(answer) {
            case .success(let (token, lifetime)):
                self.environment.metrics(at: self.source.endpoint).credentialsRefreshed(.ok)
                self.source.renewed(
                    accessToken: token, lifetimeSeconds: lifetime, now: self.environment.clock.now())
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
        self.environment.metrics(at: self.source.endpoint).credentialsRefreshed(failure.counted)
        self.environment.logger.warning(
            "no access token", metadata: ["host": "\(self.source.endpoint.host)", "reason": "\(failure)"])
        self.source.renewalFailed(failure, now: self.environment.clock.now())
    }
}
