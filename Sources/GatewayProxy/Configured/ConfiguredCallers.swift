package import GatewayConfiguration
package import GatewayDocuments
import GatewayIdentity
import GatewayJSON
import GatewayMetrics
import GatewayTLS
import GatewayTranslation

/// Makes the callers and issuers that a configuration describes, and finds the mistakes that only show then: a key set
/// without a key, a rule about members that there are not.
///
/// Reads files; not for an event loop.
package struct ConfiguredCallers: Sendable {
    /// Every mistake, in the words of the configuration.
    package let diagnostics: [Diagnostic]
    /// Nil where callers need not identify themselves.
    let directory: CallerDirectory?
    private let issuers: [String: (configuration: IssuerConfiguration, trust: [UInt8], source: KeySetSource)]

    /// - Parameters:
    ///   - file: the configuration's path, for messages.
    ///   - targets: of the same configuration.
    ///   - authorities: PEM text to trust for key sets instead of what the configuration says: for an issuer in this
    ///     process.
    ///   - inForce: the callers of before: what they have used up, and the keys of issuers, go on.
    package init(
        _ configuration: Configuration, file: String, inputs: ConfigurationInputs, targets: ConfiguredTargets,
        authorities: [UInt8]? = nil, inForce: ConfiguredCallers? = nil
    ) {
        var builder = ConfiguredCallersBuilder(
            files: CertificateFiles(file: file, inputs: inputs, diagnostics: Diagnostics()), targets: targets,
            authorities: authorities, inForce: inForce, instancesSharing: configuration.instancesSharing)
        for issuer in configuration.issuers.values.sorted(by: { $0.name < $1.name }) { builder.add(issuer) }
        for caller in configuration.callers.values.sorted(by: { $0.name < $1.name }) { builder.add(caller) }
        self.directory =
            configuration.callers.isEmpty ? nil : builder.directory(allowsAnonymous: configuration.anonymous == .allow)
        self.issuers = builder.issuers
        self.diagnostics = builder.files.diagnostics.all
    }

    /// The source of an issuer that is as it was, with the keys that it has fetched.
    func source(like issuer: IssuerConfiguration, trust: [UInt8]) -> KeySetSource? {
        guard let known = self.issuers[issuer.name], known.trust == trust,
            known.configuration.keySet == issuer.keySet, known.configuration.issuer == issuer.issuer
        else { return nil }
        return known.source
    }
}

private struct ConfiguredCallersBuilder {
    let files: CertificateFiles
    let targets: ConfiguredTargets
    let authorities: [UInt8]?
    let inForce: ConfiguredCallers?
    let instancesSharing: Int?
    private(set) var issuers: [String: (configuration: IssuerConfiguration, trust: [UInt8], source: KeySetSource)] = [:]
    private var callers: [Caller] = []
    private var byURI: [ExactText: Caller] = [:]
    private var byDNSName: [ExactText: Caller] = [:]
    private var keys: [(digest: Digest, caller: Caller)] = []
    private var matches: [String: [TokenMatch]] = [:]

    init(
        files: CertificateFiles, targets: ConfiguredTargets, authorities: [UInt8]?, inForce: ConfiguredCallers?,
        instancesSharing: Int?
    ) {
        self.files = files
        self.targets = targets
        self.authorities = authorities
        self.inForce = inForce
        self.instancesSharing = instancesSharing
    }

    func directory(allowsAnonymous: Bool) -> CallerDirectory {
        CallerDirectory(
            callers: self.callers, allowsAnonymous: allowsAnonymous, byURI: self.byURI, byDNSName: self.byDNSName,
            keys: self.keys,
            issuers: self.issuers.sorted { $0.key < $1.key }.map { name, issuer in
                (name, issuer.configuration.rules, issuer.source, self.matches[name] ?? [])
            })
    }

    private static func path(_ names: String...) -> DocumentPath { names.reduce(.root) { $0.appending($1) } }

    // MARK: Callers

    mutating func add(_ configuration: CallerConfiguration) {
        let before = self.inForce?.directory?.callers.first { $0.name == configuration.name }
        let caller = Caller(
            name: configuration.name, index: self.callers.count,
            priority: configuration.priority == .batch ? .batch : .interactive,
            access: self.access(of: configuration), limits: self.limits(configuration, like: before?.limits),
            counts: before?.counts ?? CallerCounts(codes: LabelValues.gateway.codes.count))
        self.callers.append(caller)
        self.checkLimits(of: caller)
        for proof in configuration.identify {
            switch proof {
            case .certificateURI(let name): self.byURI[ExactText(name)] = caller
            case .certificateDNSName(let name): self.byDNSName[ExactText(name)] = caller
            case .keys(let digests): self.keys += digests.compactMap { Digest(hexadecimal: $0) }.map { ($0, caller) }
            case .token(let proof):
                self.matches[proof.issuer, default: []].append(TokenMatch(proof, of: caller))
            }
        }
    }

    /// A limit that has not changed keeps count of what has been used of it.
    private func limits(_ configuration: CallerConfiguration, like before: CallerLimits?) -> CallerLimits? {
        guard configuration.rate != nil || configuration.quota != nil else { return nil }
        func meter(_ name: String, _ limit: RequestLimit?, _ before: RequestMeter?) -> RequestMeter? {
            guard let limit else { return nil }
            let (requests, period, burst) = (limit.requests, limit.per.nanoseconds, limit.burst)
            let share = self.instancesSharing.map {
                LimitShare(
                    name: "caller:\(configuration.name):\(name)", requests: requests, periodNanoseconds: period,
                    burst: burst, instances: $0)
            }
            let meter = RequestMeter(requests: requests, periodNanoseconds: period, burst: burst, share: share)
            return before.flatMap { $0.isLike(meter) ? $0 : nil } ?? meter
        }
        return CallerLimits(
            rate: meter("rate", configuration.rate, before?.rate),
            quota: meter("quota", configuration.quota, before?.quota))
    }

    /// Finds limits that a request to all of a caller's targets can never keep.
    private func checkLimits(of caller: Caller) {
        let count = self.targets.plans.keys.count { caller.access?.knows($0) ?? true }
        guard let limits = caller.limits, limits.largest < count else { return }
        self.files.report(
            .warning, Self.path("callers", caller.name),
            "admits \(limits.largest) requests at once, and one to all of its \(count) targets counts \(count) times: "
                + "it can never pass; raise burst")
    }

    // MARK: Rules

    private func access(of caller: CallerConfiguration) -> CallerAccess? {
        guard let rules = caller.allow else { return nil }
        for (index, rule) in rules.enumerated() { self.check(rule, index, of: caller) }
        var grants: [String: [CallerAccess.Grant]] = [:]
        for (name, _) in self.targets.plans {
            let applying = rules.filter { $0.targets?.contains(name) ?? true }
            guard !applying.isEmpty else { continue }
            grants[name] = CallerAccess.Operation.allCases.map { Self.grant($0, applying) }
        }
        return CallerAccess(grants: grants)
    }

    private static func grant(_ operation: CallerAccess.Operation, _ rules: [AccessRule]) -> CallerAccess.Grant {
        let applying = rules.filter { $0.allows(operation) }
        guard !applying.isEmpty else { return .nothing }
        var selections: [FieldAccess.Selection] = []
        for rule in applying {
            switch rule.fields {
            case .all: return .everything
            case .only(let pointers): selections.append(.only(pointers.map(Self.tokens)))
            case .except(let pointers): selections.append(.except(pointers.map(Self.tokens)))
            }
        }
        return operation == .read ? .everything : .fields(FieldAccess(selections))
    }

    private static func tokens(_ pointer: String) -> [String] { FieldAccess.tokens(of: pointer) }

    /// Finds a rule that can never match.
    private func check(_ rule: AccessRule, _ index: Int, of caller: CallerConfiguration) {
        let path = Self.path("callers", caller.name, "allow").appending(index: index)
        let pointers: [String] =
            switch rule.fields {
            case .all: []
            case .only(let pointers), .except(let pointers): pointers
            }
        for pointer in pointers where !FieldAccess.isAboutProduct(pointer) {
            let meant = Suggestion.closest(to: pointer, among: FieldAccess.knownPointers).map {
                "; did you mean \"\($0)\"?"
            }
            self.files.report(
                .error, path.appending("fields"), "the product has no member \"\(pointer)\"\(meant ?? "")")
        }
        let plans = self.targets.plans.filter { rule.targets?.contains($0.key) ?? true }
        if case .only(let pointers) = rule.fields {
            self.check(vendorFieldsIn: pointers, Set(plans.values.map(\.dialect.name)), path.appending("fields"))
        }
        let operations = rule.operations ?? []
        for operation in operations {
            guard let kind = operation.kind, !plans.isEmpty, !plans.values.contains(where: { $0.supports(kind) }) else {
                continue
            }
            self.files.report(
                .warning, path.appending("operations"),
                "can never match: none of these targets has the operation \(operation.rawValue)")
        }
        if rule.fields != .all, !operations.isEmpty, operations.allSatisfy({ $0 == .read }) {
            self.files.report(
                .warning, path.appending("fields"), "says nothing: reading is allowed whole or not at all")
        }
    }

    /// Finds members of `vendorFields` that none of the targets takes: they are named by dialects.
    private func check(vendorFieldsIn pointers: [String], _ dialects: Set<String>, _ path: DocumentPath) {
        for pointer in pointers {
            let tokens = Self.tokens(pointer)
            guard tokens.count > 1, tokens[0] == "vendorFields", tokens[1] != "*", !dialects.contains(tokens[1]) else {
                continue
            }
            let meant = Suggestion.closest(to: tokens[1], among: dialects.sorted()).map { "; did you mean \"\($0)\"?" }
            self.files.report(
                .warning, path,
                "\"\(pointer)\" can never match: vendorFields are named by dialects, and none of these targets has the "
                    + "dialect \"\(tokens[1])\"\(meant ?? "")")
        }
    }

    // MARK: Issuers

    mutating func add(_ issuer: IssuerConfiguration) {
        let path = Self.path("issuers", issuer.name)
        var trust = self.authorities ?? []
        if self.authorities == nil, let file = issuer.caFile, self.files.inputs.secrets != .ignored {
            guard let text = self.files.read(file, at: path.appending("caFile")) else { return }
            trust = text
        }
        if let source = self.inForce?.source(like: issuer, trust: trust) {
            self.issuers[issuer.name] = (issuer, trust, source)
            return
        }
        guard let source = self.source(of: issuer, trust: trust, at: path) else { return }
        self.issuers[issuer.name] = (issuer, trust, source)
    }

    private func source(of issuer: IssuerConfiguration, trust: [UInt8], at path: DocumentPath) -> KeySetSource? {
        let makeEndpoint = IssuerEndpoints(name: issuer.name, authorities: trust.isEmpty ? nil : trust)
        switch issuer.keySet {
        case .file(let file, let bytes):
            // It was looked for where the configuration was read, or is not to be.
            guard !bytes.isEmpty else {
                return KeySetSource(name: issuer.name, issuer: ExactText(issuer.issuer), location: .configuration)
            }
            do throws(KeySet.Failure) {
                let keys = try KeySet(parsing: bytes)
                if keys.leftOut > 0 {
                    self.files.report(
                        .warning, path.appending("jwks"),
                        "\(file): \(keys.leftOut) of its keys cannot verify tokens: \(keys.firstObjection ?? "")")
                }
                return KeySetSource(
                    name: issuer.name, issuer: ExactText(issuer.issuer), location: .configuration, keys: keys)
            } catch {
                self.files.report(.error, path.appending("jwks"), "\(file): \(error)")
                return nil
            }
        case .url(let url):
            guard let endpoint = self.endpoint(url, makeEndpoint, at: path) else { return nil }
            return KeySetSource(
                name: issuer.name, issuer: ExactText(issuer.issuer),
                location: .server(endpoint, path: makeEndpoint.path(of: url)))
        case .discovery:
            guard let url = HTTPURL(issuer.issuer), let endpoint = self.endpoint(url, makeEndpoint, at: path) else {
                return nil
            }
            var base = url.path
            while base.hasSuffix("/") { base.removeLast() }
            return KeySetSource(
                name: issuer.name, issuer: ExactText(issuer.issuer),
                location: .discovery(endpoint, path: Array("\(base)/.well-known/openid-configuration".utf8)),
                makeEndpoint: { text in
                    guard let url = HTTPURL(text), url.scheme == .https || HTTPURL.isLoopback(host: url.host),
                        let endpoint = try? makeEndpoint.endpoint(of: url)
                    else { return nil }
                    return (endpoint, makeEndpoint.path(of: url))
                })
        }
    }

    private func endpoint(_ url: HTTPURL, _ endpoints: IssuerEndpoints, at path: DocumentPath) -> UpstreamEndpoint? {
        do throws(TLSError) {
            return try endpoints.endpoint(of: url)
        } catch {
            self.files.report(.error, path, "\(error)")
            return nil
        }
    }
}

extension AccessRule {
    fileprivate func allows(_ operation: CallerAccess.Operation) -> Bool {
        guard let operations = self.operations else { return true }
        return switch operation {
        case .update: operations.contains(.update)
        case .create: operations.contains(.create)
        case .read: operations.contains(.read)
        case .dryRun: operations.contains { $0 == .dryRun || $0 == .update || $0 == .create }
        }
    }
}

extension CallerOperation {
    fileprivate var kind: ProductOperation? {
        switch self {
        case .update: .update
        case .create: .create
        case .read: .read
        case .dryRun: nil
        }
    }
}
