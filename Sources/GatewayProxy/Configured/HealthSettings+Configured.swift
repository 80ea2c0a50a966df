import GatewayConfiguration

extension HealthSettings {
    init(_ target: TargetConfiguration) {
        let (budget, breaker) = (target.retries.budget, target.breaker)
        self.init(
            budget: Budget(
                percent: budget.percent, perSecond: budget.perSecond, windowNanoseconds: budget.window.nanoseconds),
            rate: target.rate.map {
                Rate(requests: $0.requests, perNanoseconds: $0.per.nanoseconds, burst: $0.burst)
            },
            breaker: breaker.enabled
                ? Breaker(
                    failures: breaker.failures, pauseNanoseconds: breaker.pause.nanoseconds,
                    pauseNanosecondsMax: breaker.pauseMax.nanoseconds)
                : nil,
            queueMax: target.queue.max,
            queueTimeoutNanoseconds: target.queue.timeout.nanoseconds)
    }
}
