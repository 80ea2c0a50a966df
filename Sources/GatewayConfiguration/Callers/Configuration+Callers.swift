import GatewayDocuments
import GatewayJSON

extension Configuration {
    /// A caller of that name would be another word for those without one.
    private static let reservedName = "anonymous"

    /// What callers, issuers and targets say of each other.
    func checkCallers(_ reader: KeyReader) {
        self.checkCallerNames(reader)
        for caller in self.callers.values.sorted(by: { $0.name < $1.name }) {
            self.checkRules(of: caller, reader)
            for proof in caller.identify { self.check(proof, of: caller, reader) }
        }
        self.checkThatCallersDiffer(reader)
        for name in self.issuers.keys.sorted() where !self.usedIssuers.contains(name) {
            reader.members.warn(at: "issuers", name, message: "no caller is recognised by tokens of this issuer")
        }
        if self.callers.isEmpty, reader.members.isPresent("anonymous") {
            reader.members.warn(at: "anonymous", message: "says nothing without callers: everybody may ask")
        }
        let byIssuer = Dictionary(grouping: self.issuers.values) { $0.issuer }
        for same in byIssuer.values where same.count > 1 {
            let names = same.map(\.name).sorted()
            reader.members.refuse(
                at: "issuers", names[1],
                message: "has the same issuer as \(names[0]): nobody could tell whose rules count for a token")
        }
    }

    private var usedIssuers: Set<String> {
        var names: Set<String> = []
        for case .token(let proof) in self.callers.values.flatMap(\.identify) { names.insert(proof.issuer) }
        return names
    }

    private func checkCallerNames(_ reader: KeyReader) {
        for name in self.callers.keys.sorted() {
            if name == Self.reservedName {
                reader.members.refuse(
                    at: "callers", name, message: "this name means those who prove nothing; choose another")
            } else if IPAddress.isIPv4(name) {
                reader.members.refuse(
                    at: "callers", name,
                    message: "looks like an address in the log, where callers without a name "
                        + "are shown by theirs; choose another name")
            }
        }
    }

    private func checkRules(of caller: CallerConfiguration, _ reader: KeyReader) {
        // By its text, so that a target with a mistake of its own is still one.
        let targets = (reader.members.node?["targets"]?.members ?? []).map(\.name)
        for (index, rule) in (caller.allow ?? []).enumerated() {
            for name in rule.targets ?? [] where !targets.contains(name) {
                let meant = Suggestion.closest(to: name, among: targets).map { "; did you mean \"\($0)\"?" } ?? ""
                reader.members.refuse(
                    at: "callers", caller.name, "allow",
                    message: "rule \(index + 1) names the target \"\(name)\", which there is not\(meant)")
            }
        }
        if caller.allow?.isEmpty == true {
            reader.members.warn(at: "callers", caller.name, "allow", message: "is empty: this caller may do nothing")
        }
    }

    private func check(_ proof: CallerProof, of caller: CallerConfiguration, _ reader: KeyReader) {
        switch proof {
        case .certificateURI, .certificateDNSName:
            guard self.listener.tls?.callers == nil, self.listener.trusted?.clientCertificates != true else { return }
            reader.members.warn(
                at: "callers", caller.name, "identify",
                message: "a certificate proves nothing here: callers are not asked for one; add listener.tls.callers")
        case .token(let token):
            guard self.issuers[token.issuer] == nil else { return }
            let names = (reader.members.node?["issuers"]?.members ?? []).map(\.name)
            // One with a mistake of its own has been reported.
            guard !names.contains(token.issuer) else { return }
            let meant = Suggestion.closest(to: token.issuer, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
            reader.members.refuse(
                at: "callers", caller.name, "identify",
                message: "there is no issuer \"\(token.issuer)\" under $.issuers\(meant)")
        case .keys:
            break
        }
    }

    /// Two callers of which one could pass for the other.
    private func checkThatCallersDiffer(_ reader: KeyReader) {
        let callers = self.callers.values.sorted { $0.name < $1.name }
        for (index, caller) in callers.enumerated() {
            for other in callers[..<index] {
                let isSame = caller.identify.contains { one in other.identify.contains { one.overlaps($0) } }
                guard isSame else { continue }
                reader.members.refuse(
                    at: "callers", caller.name, "identify",
                    message: "what proves this caller also proves \(other.name): they cannot be told apart")
            }
        }
    }
}

extension CallerProof {
    /// Whether whatever satisfies one of them satisfies the other.
    fileprivate func overlaps(_ other: CallerProof) -> Bool {
        switch (self, other) {
        case (.keys(let one), .keys(let two)): !Set(one).isDisjoint(with: two)
        case (.token(let one), .token(let two)):
            one.issuer == two.issuer
                && (one.conditions.isSubset(of: two.conditions) || two.conditions.isSubset(of: one.conditions))
        default: self == other
        }
    }
}

extension TokenProof {
    /// Each as a text: what a token must say, and where.
    fileprivate var conditions: Set<ExactText> {
        var conditions = Set(self.claims.map { ExactText("\($0.key)\u{0}\($0.value)") })
        if let subject { conditions.insert(ExactText("sub\u{0}\(subject)")) }
        if let clientID { conditions.insert(ExactText("client\u{0}\(clientID)")) }
        return conditions
    }
}

extension Configuration {
    /// What is recorded of changes: as configured, and where there are callers in any case.
    package var auditInForce: AuditConfiguration? {
        self.audit ?? (self.callers.isEmpty ? nil : AuditConfiguration(fileDescriptor: nil, isRequired: false))
    }
}
