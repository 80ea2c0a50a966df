import GatewayTranslation

extension Delivery {
    /// What the result says of how much its target takes.
    var paceEnd: BulkPace.CountedEnd {
        switch self.result {
        case .product, .vendorDocument: .taken
        case .dryRun, nil: .neverAsked
        case .problem(let problem):
            if self.attemptsMade == 0 {
                .neverAsked
            } else if problem.origin == .vendor, problem.outcome == .rejected {
                .taken
            } else {
                .troubled
            }
        }
    }
}
