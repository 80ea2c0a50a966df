import GatewayIdentity

// Who asks.
extension Exchange {
    /// Takes over what a trusted proxy says of the caller.
    func believe(_ trusted: TrustedProxies, _ said: ReceivedForwarding) {
        guard let peer = self.sink?.caller else { return }
        if let value = said.certificate, let shown = trusted.certificate(of: peer, value: value) {
            self.forwardedCertificate = ShownCertificate(shown)
        }
        guard let value = said.address(trusted.addressField),
            let address = trusted.address(of: peer, value: value)
        else { return }
        self.record.caller = address
    }

    /// Finds out who asks, before anybody is told what there is.
    func identify(
        _ head: RequestHead, _ finding: Intake.Finding, _ identification: CallerIdentification
    ) {
        let found = identification.identify(
            head.credentials, certificate: self.forwardedCertificate ?? self.sink?.certificate
        ) {
            { self.identified($0, finding) }
        }
        if let found {
            self.identified(found, finding)
        } else {
            self.environment.deadlines.schedule(self, in: self.environment.limits.bodyTimeoutNanoseconds)
        }
    }

    private func identified(_ found: CallerIdentification.Finding, _ finding: Intake.Finding) {
        guard self.machine.isAdmitting else { return }
        switch found {
        case .known(let identity):
            self.question.identity = identity
            self.take(finding)
        case .anonymous:
            self.take(finding)
        case .refused(let problem, let challenge):
            self.refuse(problem, challenge: challenge)
        }
    }
}
