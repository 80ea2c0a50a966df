extension Metric {
    /// The part of the table that is about idempotency keys, shared limits and their store.
    var countedForStore: MetricDeclaration {
        switch self {
        case .keyClaims:
            .init(
                "product_gateway_idempotency_claims", .counter, .worker, labels: [.init("result", .keyClaim)],
                "Requests with an idempotency key, by what the store knew of it.")
        case .keyOutcomes:
            .init(
                "product_gateway_idempotency_outcomes", .counter, .worker, labels: [.init("result", .keyOutcome)],
                "Targets of requests with an idempotency key, by what was recorded of them.")
        case .storeDuration:
            .init(
                "product_gateway_store_duration_seconds", .histogram(bounds: Buckets.connect), unit: .seconds, .worker,
                labels: [.init("step", .storeStep)],
                "From asking the store to its answer, for each step of a record.")
        case .limitsAlone:
            .init(
                "product_gateway_limits_alone", .gauge, .collected,
                """
                Limits of callers and targets that are shared with other instances (`store.engine` `redis`) and of \
                which the store does not answer: this instance lets in its part. 0 where limits are its own.
                """)
        case .limitsDecidedAlone:
            .init(
                "product_gateway_limits_decided_alone", .counter, .collected,
                "Requests that were held against this instance's part of a limit because the store did not answer.")
        default:
            .init(
                "product_gateway_store_failures", .counter, .worker, labels: [.init("reason", .storeFailure)],
                "Steps that the store did not take, by reason.")
        }
    }
}
