import GatewayConfiguration

extension HealthSettings {
    /// - Parameter instances: that share a store; nil where this one is on its own.
    init(_ target: TargetConfiguration, sharedBy instances: Int?) {
        let (budget, breaker) = (target.retries.budget, target.breaker)
        self.init(
            budget: Budget(
                percent: budget.percent, perSecond: budget.perSecond, windowNanoseconds: budget.window.nanoseconds),
            rate: target.rate.map {
                Rate(requests: $0.requests, perNanoseconds: $0.per.nanoseconds, burst: $0.burst)
            },
            sharing: instances.map { Sharing(name: target.name, instances: $0) },
            breaker: breaker.enabled
                ? Breaker(
                    failures: breaker.failures, pauseNanoseconds: breaker.pause.nanoseconds,
                    pauseNanosecondsMax: breaker.pauseMax.nanoseconds)
                : nil,
            queueMax: target.queue.max,
            queueTimeoutNanoseconds: target.queue.timeout.nanoseconds)
    }
}
