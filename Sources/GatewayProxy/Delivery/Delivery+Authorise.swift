import GatewayTranslation
import NIOCore

/// The vendor's token, which may have to be waited for.
extension Delivery {
    func authorise() {
        if self.isLeftAlone() { return }
        let decision = self.authorisation.acquire(
            now: self.environment.clock.now(), queue: ObjectIdentifier(self.environment),
            reply: { LoopReply(to: self.environment.eventLoop) { self.tokenArrived($0) } },
            renew: { self.environment.renewToken(of: $0, after: $1) })
        switch decision {
        case .use(let authorization):
            self.enterGate(authorization: authorization)
        case .wait:
            self.machine.tokenAwaited()
            self.trace?.waits(for: .token, at: self.environment.clock.now())
            self.environment.deadlines.schedule(self, at: self.totalDeadline)
        case .fail(let failure, let pause):
            self.finish(.problem(self.problem(of: failure, retryAfterNanoseconds: pause)))
        }
    }

    private func tokenArrived(_ outcome: OAuth2TokenSource.Outcome) {
        guard self.machine.tokenArrived() == .attempt else { return }
        self.environment.deadlines.cancel(self)
        switch outcome {
        case .success(let token): self.enterGate(authorization: self.authorisation.use(token))
        case .failure(let failure): self.finish(.problem(self.problem(of: failure)))
        }
    }

    func problem(of failure: TokenFailure, retryAfterNanoseconds: UInt64 = 0) -> Problem {
        failure.problem(target: self.target.name, retryAfterNanoseconds: retryAfterNanoseconds)
    }
}
