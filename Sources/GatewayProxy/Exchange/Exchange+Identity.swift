import GatewayIdentity
import GatewayTranslation

// Who asks.
extension Exchange {
    /// Takes over what a trusted proxy says of the caller.
    func believe(_ trusted: TrustedProxies, _ said: ReceivedForwarding) {
        guard let peer = self.sink?.caller else { return }
        self.toldCertificate = trusted.certificate(of: peer, said)
        guard let value = said.address(trusted.addressField),
            let address = trusted.address(of: peer, value: value)
        else { return }
        self.record.caller = address
        self.sink?.believe(address, of: self)
    }

    /// Finds out who asks, before anybody is told what there is.
    func identify(
        _ head: RequestHead, _ finding: Intake.Finding, _ identification: CallerIdentification
    ) {
        switch self.toldCertificate {
        case .notTold: self.certificate = self.sink?.certificate
        case .none: self.certificate = nil
        case .told(let certificate): self.certificate = ShownCertificate(certificate)
        case .malformed:
            self.identified(identification.refuseCertificate(), finding)
            return
        }
        let found = identification.identify(
            head.credentials, certificate: self.certificate, nowEpochSeconds: self.environment.clock.epochSeconds
        ) {
            { self.identified($0, finding) }
        }
        if let found {
            self.identified(found, finding)
        } else {
            self.environment.deadlines.schedule(self, in: self.environment.limits.bodyTimeoutNanoseconds)
        }
    }

    /// Who the caller of a stream is by the configuration that is in force now: a stream may outlast the one that it
    /// began with, and what proved who sends it. Throws where nobody is that caller any more.
    func callerNow() throws(Problem) -> Caller? {
        guard let identification = self.environment.identification else { return self.question.caller }
        guard let identity = self.question.identity else {
            guard identification.directory.allowsAnonymous else {
                throw Problem(
                    .unauthenticated,
                    detail: "Requests that prove nothing of who sends them are not taken any more; the lines behind "
                        + "the last result were not sent.")
            }
            return nil
        }
        let now = self.environment.clock.epochSeconds
        if let end = identity.endsAtEpochSeconds, now >= end {
            throw Problem(
                .unauthenticated,
                detail: "The token or certificate that the stream began with has expired; the lines behind the last "
                    + "result were not sent.")
        }
        guard let before = self.directory, before !== identification.directory else { return identity.caller }
        guard
            let known = identification.directory.identity(
                like: identity, from: before, certificate: self.certificate?.certificate)
        else {
            throw Problem(
                .unauthenticated,
                detail: "What the stream began with no longer proves that it is the caller \(identity.caller.name)'s; "
                    + "the lines behind the last result were not sent.")
        }
        self.question.identity = known
        self.directory = identification.directory
        return known.caller
    }

    private func identified(_ found: CallerIdentification.Finding, _ finding: Intake.Finding) {
        guard self.machine.isAdmitting else { return }
        switch found {
        case .known(let identity):
            self.question.identity = identity
            self.directory = self.environment.identification?.directory
            self.take(finding)
        case .anonymous:
            self.take(finding)
        case .refused(let problem, let challenge):
            self.refuse(problem, challenge: challenge)
        }
    }
}
