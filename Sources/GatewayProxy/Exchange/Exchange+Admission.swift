import GatewayTranslation

// Whether the request may come in: decided from its head, before the caller gets credit for a body.
extension Exchange {
    /// Why it may not, as far as that is known at once; nil where the steps of the admission are to be asked.
    ///
    /// Those that only look come before those that take something from the caller's limits.
    func entryProblem() -> Problem? {
        let isBatch = self.question.caller?.priority == .batch
        if self.environment.memory.budget.stage >= (isBatch ? .holding : .refusing) {
            self.environment.memory.budget.given(up: .request)
            return Problem(.noMemory, limits: self.environment.limits)
        }
        if let target = self.targetWithoutRoom() { return .connectionCrowded(by: target) }
        if self.isChange, !self.takesChanges { return .auditUnavailable }
        if let problem = self.environment.keyed.refusal(of: self.question) { return problem }
        guard self.question.identity != nil else { return nil }
        return CallerAdmission.refusal(of: &self.question, now: self.environment.clock.now())
    }

    /// A vendor that has answered nothing for this long is not worth more than half of a connection's streams: its
    /// requests would keep those to others waiting until they time out. A vendor that is well answers some in less.
    private static let silenceNanosecondsMax: UInt64 = 1_000_000_000

    /// A target that is silent and has its share of the connection's streams.
    private func targetWithoutRoom() -> String? {
        let now = self.environment.clock.now()
        for position in self.question.targets.indices {
            let target = self.question.targets[position]
            guard self.environment.deliveries.silence(of: target, now: now) > Self.silenceNanosecondsMax else {
                continue
            }
            if self.sink?.isCrowded(by: ObjectIdentifier(target.endpoint)) == true { return target.name }
        }
        return nil
    }

    /// Asks the steps of the admission from `first` on.
    func admit(from first: Int = 0) {
        let result = self.environment.admission.decide(self.question, from: first) { step in
            LoopReply(to: self.environment.eventLoop) { self.admissionDecided($0, by: step) }
        }
        switch result {
        case .admitted: self.admitted()
        case .refused(let problem): self.refuse(problem)
        case .waiting: break
        }
    }

    private func admissionDecided(_ decision: AdmissionDecision, by step: Int) {
        guard self.machine.isAdmitting else { return }
        switch decision {
        case .admitted: self.admit(from: step + 1)
        case .refused(let problem): self.refuse(problem)
        }
    }

    func admitted() {
        let isStream = self.question.stream != nil
        guard !isStream || self.environment.streams.hasRoom else {
            self.refuse(.tooManyStreams(BulkLimits.streamsMax))
            return
        }
        // A stream asks for hundreds of changes before it ends, so there is no moment to see whether its caller stays.
        guard !isStream || self.probation == .none else { return self.refuse(.addressSuspect) }
        if isStream, self.streamRecord == nil, self.claimStream() { return }
        switch self.machine.admitted(targets: self.question.targets.count, isStream: isStream) {
        case .receive:
            if self.expectsContinue { self.sink?.sendContinue(for: self) }
            if self.body.count > 0 { self.sink?.giveCredit(of: self.body.count, to: self) }
        case .deliver:
            self.wholeRequestCame()
        case .stream(let isWhole):
            self.beginStream(isWhole: isWhole)
        case .doNothing:
            break
        }
    }
}
