import GatewayMetrics
import GatewayStore

extension KeyedRequests {
    func count(_ result: ClaimResult, since askedAt: UInt64) {
        self.metrics.observe(self.clock.now() &- askedAt, in: .storeDuration, StoreStep.claim.rawValue)
        switch result {
        case .owned(nil): self.countClaim(.first)
        case .owned: self.countClaim(.takenOver)
        case .done: self.countClaim(.replayed)
        case .underWay: self.countClaim(.conflict)
        case .reused: self.countClaim(.reused)
        case .failed(let failure):
            self.countClaim(.failed)
            self.countFailure(failure)
        }
    }

    func countClaim(_ result: KeyClaimResult) {
        self.metrics.add(to: .keyClaims, result.rawValue)
    }

    func countAdvance(_ result: WriteResult, since askedAt: UInt64) {
        self.metrics.observe(self.clock.now() &- askedAt, in: .storeDuration, StoreStep.advance.rawValue)
        if case .failed(let failure) = result { self.countFailure(failure) }
    }

    func count(_ result: WriteResult, _ outcome: TargetOutcome, since askedAt: UInt64) {
        self.metrics.observe(self.clock.now() &- askedAt, in: .storeDuration, StoreStep.settle.rawValue)
        switch (result, outcome) {
        case (.lost, _): self.countOutcome(.lost)
        case (.failed(let failure), _):
            self.countFailure(failure)
            self.countOutcome(.unrecorded)
        case (.written, .done): self.countOutcome(.kept)
        case (.written, .released): self.countOutcome(.released)
        case (.written, .open): self.countOutcome(.unknown)
        }
    }

    func countOutcome(_ outcome: KeyOutcome) {
        self.metrics.add(to: .keyOutcomes, outcome.rawValue)
    }

    func countTimeOut() {
        self.metrics.add(to: .storeFailures, StoreFailureKind.timedOut.rawValue)
    }

    private func countFailure(_ failure: StoreFailure) {
        let kind: StoreFailureKind =
            switch failure {
            case .callerFull: .callerFull
            case .full: .full
            case .unavailable: .unavailable
            }
        self.metrics.add(to: .storeFailures, kind.rawValue)
    }
}
