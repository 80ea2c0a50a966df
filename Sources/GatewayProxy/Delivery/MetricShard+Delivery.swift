import GatewayMetrics
import GatewayTranslation

extension MetricShard {
    /// A try against the target is over.
    func attemptEnded(
        _ result: Result<VendorAnswer, AttemptFailure>, sentAt: UInt64?, now: UInt64
    ) {
        let outcome: AttemptOutcome =
            switch result {
            case .success: .answered
            case .failure(let failure): failure.counted
            }
        self.add(to: .attempts, outcome.rawValue)
        if let sentAt { self.observe(now &- sentAt, in: .attemptDuration) }
    }

    /// The vendor's answer has been understood: as a success without `problem`.
    func vendorAnswered(_ status: Int, _ problem: ProblemCode? = nil) {
        self.add(
            to: .vendorAnswers, LabelValues.statusClassIndex(status),
            problem?.metricIndex ?? LabelValues.okIndex)
        self.add(to: .vendorAnswerStatuses, LabelValues.statusIndex(status))
    }

    func retried(_ reason: AttemptOutcome) {
        self.add(to: .retries, reason.rawValue)
    }

    /// An attempt was not made, because of how the target is.
    func heldBack(_ refusal: GateRefusal) {
        let reason: HeldBackReason =
            switch refusal {
            case .leftAlone: .leftAlone
            case .paused(_, .rate): .rate
            case .paused(_, .unavailable): .unavailable
            case .queueFull: .queueFull
            case .queueTimedOut: .queueTimedOut
            }
        self.add(to: .attemptsHeldBack, reason.rawValue)
    }

    func breakerChanged(_ change: TargetHealth.Change) {
        if case .opened(let reason) = change {
            self.add(to: .breakerOpenings, (reason == .inARow ? BreakerReason.inARow : .share).rawValue)
        }
    }

    func credentialsRefreshed(_ outcome: CredentialOutcome) {
        self.add(to: .credentialRefreshes, outcome.rawValue)
    }
}

extension WorkerMetrics {
    /// Counts what is wrong with a document, by the member concerned.
    func translationRefused(_ problem: Problem, in target: MetricShard) {
        guard !problem.errors.isEmpty else {
            target.add(to: .translationRefusals, 0)
            return
        }
        for error in problem.errors {
            target.add(to: .translationRefusals, self.values.pointerIndex(error.pointer))
        }
    }
}

extension FoldedAnswer {
    /// The code that an answer was folded to; nil for a success.
    var problemCode: ProblemCode? {
        switch self {
        case .product: nil
        case .problem(let problem): problem.code
        }
    }
}
