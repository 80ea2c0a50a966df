package import GatewayConfiguration
package import GatewayDocuments
import GatewayTLS
package import GatewayTranslation

/// Makes the targets that a configuration describes, and finds the mistakes that only show then: in dialects, in what a
/// target asks of its dialect, in certificates.
///
/// Reads files; not for an event loop.
package struct ConfiguredTargets: Sendable {
    /// By name; without those that have mistakes.
    package let plans: [String: TargetPlan]
    /// Every mistake, in the words of the configuration.
    package let diagnostics: [Diagnostic]
    let targets: [Target]
    private let connections: SharedConnections

    /// - Parameters:
    ///   - file: the configuration's path, for messages.
    ///   - authorities: PEM text to trust instead of what the configuration says: for stand-ins in this process.
    ///   - inForce: the targets of before: connections and tokens of whatever is equal are theirs.
    package init(
        _ configuration: Configuration, file: String, inputs: ConfigurationInputs,
        authorities: [UInt8]? = nil, inForce: ConfiguredTargets? = nil
    ) {
        let dialectNames = Set(Dialect.builtInNames + configuration.dialects.keys)
        var builder = ConfiguredTargetsBuilder(
            files: CertificateFiles(file: file, inputs: inputs, diagnostics: Diagnostics()),
            authorities: authorities,
            targetNames: configuration.targets.keys.sorted(), dialectNames: dialectNames.sorted(),
            connections: SharedConnections.Builder(inForce: inForce?.connections), instances: configuration.instances,
            instancesSharing: configuration.instancesSharing)
        builder.readDialects(configuration.dialects)
        for target in configuration.targets.values.sorted(by: { $0.name < $1.name }) {
            builder.add(target)
        }
        self.plans = builder.plans
        self.diagnostics = builder.files.diagnostics.all
        self.targets = builder.targets
        self.connections = builder.connections.connections
    }
}

private struct ConfiguredTargetsBuilder {
    let files: CertificateFiles
    let authorities: [UInt8]?
    let targetNames: [String]
    let dialectNames: [String]
    var connections: SharedConnections.Builder
    let instances: Int
    let instancesSharing: Int?
    var dialects: [String: Dialect] = [:]
    /// Those of the operator's own that have mistakes, which have been reported.
    var wrongDialects: Set<String> = []
    var plans: [String: TargetPlan] = [:]
    var targets: [Target] = []
    /// Plans that were compiled, by what they were compiled from: a thousand targets may have one dialect.
    var compiled: [PlanKey: TargetPlan] = [:]
    /// Contexts that were made, by what they were made of. Each of them reads its authorities, and holds them.
    var contexts: [ContextKey: TLSContext] = [:]

    struct PlanKey: Hashable {
        let dialect: String
        let parameters: [String: String]
        let enabledFields: [String]
        let clearableFields: [String]
        let handling: Handling
        let updateSemantics: UpdateSemantics?

        init(_ target: TargetConfiguration, _ options: TargetOptions) {
            self.dialect = target.dialect
            self.parameters = options.parameters
            self.enabledFields = options.enabledFields
            self.clearableFields = options.clearableFields
            self.handling = options.handling
            self.updateSemantics = options.updateSemantics
        }
    }

    struct ContextKey: Hashable {
        var tls: TargetTLS
        let versions: [UpstreamVersion]

        init(_ target: TargetConfiguration) {
            self.tls = target.tls
            // A connection's, not the context's.
            self.tls.serverName = nil
            self.versions = target.connections.upstreamVersions
        }
    }

    mutating func readDialects(_ sources: [String: DialectSource]) {
        for source in sources.values.sorted(by: { $0.name < $1.name }) {
            do throws(DialectError) {
                let dialect = try Dialect(parsing: source.bytes, from: source.origin)
                if dialect.name != source.name {
                    // `vendorFields` are told apart by the document's name, targets name the configured one.
                    self.files.report(
                        .error, DocumentPath.root.appending("dialects").appending(source.name),
                        "the document calls itself \"\(dialect.name)\": both names must be the same")
                }
                self.dialects[source.name] = dialect
            } catch {
                self.wrongDialects.insert(source.name)
                for diagnostic in error.diagnostics { self.files.diagnostics.report(diagnostic) }
            }
        }
    }

    mutating func add(_ target: TargetConfiguration) {
        guard let dialect = self.dialect(of: target) else { return }
        let plan: TargetPlan
        do throws(TargetPlanError) {
            plan = try self.plan(of: target, dialect)
        } catch {
            for option in error.errors {
                self.report(target, Self.steps(to: option.option), option.message)
            }
            return
        }
        self.plans[target.name] = plan
        // Whoever only translates needs no certificates, and may be on a machine that has none.
        guard self.files.inputs.secrets != .ignored || self.authorities != nil else { return }
        var tls: TLSContext?
        if target.baseURL.scheme == .https || target.credentials?.needsTLS(on: target.baseURL) == true {
            guard let context = self.tlsContext(of: target) else { return }
            tls = context
        }
        let path =
            target.baseURL.path.hasSuffix("/")
            ? String(target.baseURL.path.dropLast()) : target.baseURL.path
        let (endpointKey, endpoint) = self.endpoint(of: target, at: target.baseURL, for: .products, tls: tls)
        let healthKey = SharedConnections.HealthKey(
            target: target.name, endpoint: endpointKey,
            settings: HealthSettings(target, sharedBy: self.instancesSharing))
        self.targets.append(
            Target(
                name: target.name, index: self.targets.count, plan: plan,
                endpoint: endpoint, baseURL: target.baseURL.origin + path, basePath: Array(path.utf8),
                credentials: self.credentials(of: target, tls: tls),
                timeouts: Target.Timeouts(
                    attemptNanoseconds: target.timeouts.attempt.nanoseconds,
                    totalNanoseconds: target.timeouts.total.nanoseconds),
                retryPolicy: RetryPolicy(
                    attemptsMax: target.retries.attempts,
                    pauseNanoseconds: target.retries.backoff.nanoseconds,
                    pauseNanosecondsMax: target.retries.backoffMax.nanoseconds),
                health: self.connections.health(healthKey), sendsTraceContext: target.sendTraceContext,
                answersInVendorWords: target.answers == .vendor,
                actor: target.actor.map { ($0.header, $0.value) }))
    }

    private mutating func plan(of target: TargetConfiguration, _ dialect: Dialect) throws(TargetPlanError) -> TargetPlan
    {
        let options = self.options(of: target)
        let key = PlanKey(target, options)
        if let compiled = self.compiled[key] { return TargetPlan(compiled, of: target.name) }
        let plan = try TargetPlan(targetName: target.name, dialect: dialect, options: options)
        self.compiled[key] = plan
        return plan
    }

    private mutating func dialect(of target: TargetConfiguration) -> Dialect? {
        if let dialect = self.dialects[target.dialect] { return dialect }
        if self.wrongDialects.contains(target.dialect) { return nil }
        do throws(DialectError) {
            let dialect = try Dialect(named: target.dialect)
            self.dialects[target.dialect] = dialect
            return dialect
        } catch {
            self.report(target, [.name("dialect")], "there is no dialect \"\(target.dialect)\"")
            return nil
        }
    }

    /// Where `gateway.json` has an option of the translation, from the target on.
    private static func steps(to option: TargetOptionError.Option) -> [DocumentPath.Step] {
        switch option {
        case .parameter(let name): [.name("parameters"), .name(name)]
        case .enabledField(let index): [.name("enable"), .index(index)]
        case .clearableField(let index): [.name("clearable"), .index(index)]
        case .updateSemantics: [.name("updateSemantics")]
        }
    }

    private func options(of target: TargetConfiguration) -> TargetOptions {
        var options = TargetOptions(
            parameters: target.parameters.compactMapValues(\.string),
            enabledFields: target.enable,
            clearableFields: target.clearable,
            handling: target.handling,
            updateSemantics: target.updateSemantics)
        options.targetNames = self.targetNames
        options.dialectNames = self.dialectNames
        options.instances = self.instances
        return options
    }

    private mutating func endpoint(
        of target: TargetConfiguration, at url: HTTPURL, for use: SharedConnections.EndpointKey.Use, tls: TLSContext?
    ) -> (key: SharedConnections.EndpointKey, endpoint: UpstreamEndpoint) {
        let tls = url.scheme == .https ? tls : nil
        let configuredName = url.host == target.baseURL.host ? target.tls.serverName : nil
        let trustsSystem = self.authorities == nil && target.tls.caFile == nil
        let key = SharedConnections.EndpointKey(
            use: use, scheme: url.scheme, host: url.host, port: url.port,
            tls: tls.map { tls in
                SharedConnections.TLSKey(
                    serverName: configuredName ?? url.host, fingerprint: tls.fingerprint,
                    systemAuthorities: trustsSystem
                        ? TLSContext.systemAuthorityPaths.map(self.files.inputs.fileState) : [])
            },
            connections: target.connections, queue: target.queue, connectTimeout: target.timeouts.connect,
            keepsOtherFields: use == .products && self.plans[target.name]?.readsAnswerHeaders == true)
        let endpoint = self.connections.endpoint(key) {
            UpstreamEndpoint(
                host: url.host, port: url.port, tls: tls, serverName: configuredName,
                versions: target.connections.upstreamVersions,
                connectTimeoutNanoseconds: target.timeouts.connect.nanoseconds,
                idleTimeoutNanoseconds: target.connections.idleTimeout.nanoseconds,
                pingIntervalNanoseconds: target.connections.pingInterval.nanoseconds,
                addressLifetimeNanoseconds: target.connections.addressLifetime.nanoseconds,
                connectionsMax: target.connections.max, http1ConnectionsMax: target.connections.maxHTTP1,
                streamsMax: target.connections.maxStreams,
                queueMax: max(1, target.queue.max),
                queueTimeoutNanoseconds: target.queue.max == 0 ? 0 : target.queue.timeout.nanoseconds,
                keepsOtherFields: key.keepsOtherFields, role: use.role)
        }
        return (key, endpoint)
    }

    /// Secrets that were not read (`check` without them) leave the target without credentials; it is never run then.
    private mutating func credentials(of target: TargetConfiguration, tls: TLSContext?) -> Credentials {
        switch target.credentials {
        case nil:
            return .none
        case .bearer(let token):
            guard let token = token.reveal() else { return .none }
            return .fixed(authorization: Array("Bearer ".utf8) + token)
        case .basic(let username, let password):
            guard let username = username.reveal(), let password = password.reveal() else { return .none }
            return .fixed(authorization: OAuth2TokenRequest.basic(username, password))
        case .header(let name, let value):
            guard let value = value.reveal() else { return .none }
            return .header(name: name, secret: value)
        case .query(let name, let value):
            guard let value = value.reveal() else { return .none }
            return .query(name: name, secret: value)
        case .oauth2(let credentials):
            guard let clientID = credentials.clientID.reveal(),
                let clientSecret = credentials.clientSecret.reveal()
            else { return .none }
            var user: OAuth2TokenRequest.User?
            if let granting = credentials.user {
                guard let name = granting.username.reveal(), let password = granting.password.reveal() else {
                    return .none
                }
                user = OAuth2TokenRequest.User(name: name, password: password)
            }
            let url = credentials.tokenURL.url(on: target.baseURL)
            let (key, endpoint) = self.endpoint(of: target, at: url, for: .tokens, tls: tls)
            let request = OAuth2TokenRequest(
                style: credentials.style.asked,
                path: Array((url.path.isEmpty ? "/" : url.path).utf8),
                clientID: clientID, clientSecret: clientSecret, scope: credentials.scope, user: user)
            let sourceKey = SharedConnections.TokenSourceKey(
                endpoint: key, request: request, renewBefore: credentials.renewBefore)
            let source = self.connections.tokenSource(sourceKey) {
                OAuth2TokenSource(
                    endpoint: endpoint, request: request,
                    renewalMarginNanoseconds: credentials.renewBefore.nanoseconds)
            }
            return .oauth2(source)
        }
    }

    private mutating func tlsContext(of target: TargetConfiguration) -> TLSContext? {
        let key = ContextKey(target)
        if let context = self.contexts[key] { return context }
        let path = DocumentPath.root.appending("targets").appending(target.name).appending("tls")
        var authorities = self.authorities
        if authorities == nil, let file = target.tls.caFile {
            guard let text = self.files.authorities(file, at: path.appending("caFile")) else { return nil }
            authorities = text
        }
        var identity: (certificateChain: [UInt8], privateKey: [UInt8])?
        if let certificate = target.tls.clientCertificate, let key = target.tls.clientKey {
            // One that has ended costs this target; the others are not to be kept from starting for it.
            identity = self.files.identity(
                certificate: certificate, at: path.appending("clientCertificate"), privateKey: key,
                at: path.appending("clientKey"), verifier: "the vendor", expired: .warning)
            if identity == nil { return nil }
        }
        do throws(TLSError) {
            let context = try TLSContext.client(
                authorities: authorities, identity: identity,
                applicationProtocols: key.versions.map(\.applicationProtocol),
                minimumVersion: target.tls.minimumVersion == .tls13 ? .tls13 : .tls12)
            self.contexts[key] = context
            return context
        } catch {
            self.report(target, [.name("tls")], "\(error)")
            return nil
        }
    }

    private func report(_ target: TargetConfiguration, _ steps: [DocumentPath.Step], _ message: String) {
        let path = DocumentPath.root.appending("targets").appending(target.name)
        self.files.report(.error, steps.reduce(path) { $0.appending($1) }, message)
    }
}

extension GatewayConfiguration.Credentials {
    /// Whether tokens come over TLS although the products do not.
    fileprivate func needsTLS(on baseURL: HTTPURL) -> Bool {
        guard case .oauth2(let credentials) = self else { return false }
        return credentials.tokenURL.url(on: baseURL).scheme == .https
    }
}

extension OAuth2Style {
    fileprivate var asked: OAuth2TokenRequest.Style {
        switch self {
        case .form: .form
        case .formBasic: .formAndBasic
        case .queryBasic: .queryAndBasic
        case .json: .json
        case .jsonBasic: .jsonAndBasic
        }
    }
}

extension TargetConnections {
    fileprivate var upstreamVersions: [UpstreamVersion] {
        self.versions.map { version in
            switch version {
            case .http2: .http2
            case .http1: .http1
            }
        }
    }
}

extension Duration {
    /// Whole nanoseconds; 0 for what is negative.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = self.components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max / 2 : whole + UInt64(attoseconds) / 1_000_000_000
    }
}
