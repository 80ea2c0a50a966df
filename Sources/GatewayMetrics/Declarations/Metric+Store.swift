extension Metric {
    /// The part of the table that is about idempotency keys and their store.
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
        default:
            .init(
                "product_gateway_store_failures", .counter, .worker, labels: [.init("reason", .storeFailure)],
                "Steps that the store did not take, by reason.")
        }
    }
}
