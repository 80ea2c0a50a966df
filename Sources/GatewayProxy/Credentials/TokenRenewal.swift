import GatewayHTTP
import GatewayMetrics
import GatewayTranslation

/// One request to a token endpoint, on behalf of everybody who needs the token.
///
/// Its deadline is the pause before it. Confined to its worker's event loop.
final class TokenRenewal: Deadline {
    private let source: OAuth2TokenSource
    private let environment: UpstreamEnvironment
    private var triesLeft: Int

    /// Longer than any token endpoint should take, shorter than any caller's patience.
    private static let timeoutNanoseconds: UInt64 = 10_000_000_000

    init(source: OAuth2TokenSource, environment: UpstreamEnvironment) {
        self.source = source
        self.environment = environment
        // An idle connection that the vendor was closing brings no answer, and asking for a token twice does no harm:
        // but an endpoint that is failing anyway is not asked twice as often for that.
        self.triesLeft = source.isFailing ? 1 : 2
    }

    /// - Parameter pause: nanoseconds until the endpoint may be asked.
    func start(after pause: UInt64) {
        if pause > 0 {
            self.environment.deadlines.schedule(self, in: pause)
        } else {
            self.ask()
        }
    }

    override func deadlineReached() {
        self.ask()
    }

    private func ask() {
        self.triesLeft -= 1
        let attempt = Attempt(
            request: self.source.request.makeRequest(requestID: RequestID(from: &self.environment.random)),
            environment: self.environment, delegate: self)
        self.environment.deadlines.schedule(attempt, in: Self.timeoutNanoseconds)
        self.environment.pool(for: self.source.endpoint).submit(attempt)
    }

    private func fail(_ failure: TokenFailure, retryAfter: String? = nil) {
        self.environment.metrics(ofClient: self.source).credentialsRefreshed(failure.counted)
        self.environment.logger.warning(
            "no access token",
            metadata: [
                "target": "\(self.environment.targetName(ofClient: self.source))",
                "host": "\(self.source.endpoint.host)", "reason": "\(failure)",
            ])
        let asked = retryAfter.flatMap {
            RetryAfter.seconds($0, nowEpochSeconds: self.environment.clock.epochSeconds)
        }
        self.source.renewalFailed(
            failure, retryAfterNanoseconds: asked.map { UInt64(clamping: $0) * 1_000_000_000 },
            now: self.environment.clock.now(), random: Double.random(in: 0..<1, using: &self.environment.random))
    }
}

extension TokenRenewal: AttemptDelegate {
    func attempt(_: Attempt, finished result: Result<VendorAnswer, AttemptFailure>) {
        switch result {
        case .success(let answer):
            switch self.source.request.read(answer) {
            case .success(let (token, lifetime)):
                self.environment.metrics(ofClient: self.source).credentialsRefreshed(.ok)
                self.source.renewed(
                    accessToken: token, lifetimeSeconds: lifetime, now: self.environment.clock.now())
            case .failure(let failure):
                self.fail(failure, retryAfter: answer.retryAfter)
            }
        case .failure(.refused) where self.triesLeft > 0,
            .failure(.endedWithoutAnswer) where self.triesLeft > 0:
            self.ask()
        case .failure(let failure):
            self.fail(.unavailable(failure))
        }
    }
}
