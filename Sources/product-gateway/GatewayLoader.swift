import GatewayConfiguration
import GatewayDocuments
import GatewayProxy
import GatewayTLS
import Glibc

/// Reads and checks everything that a gateway runs on, as often as it is asked: to check it, at the start and for every
/// reload. There is no other way, so that all three come to the same verdict.
///
/// Reads files; not for an event loop.
struct GatewayLoader {
    /// What was read: complete and without mistakes.
    struct Loaded {
        let configuration: Configuration
        let targets: ConfiguredTargets
        let listener: ConfiguredListener
        let store: ConfiguredStore
        let tracing: ConfiguredTracing
        let callers: ConfiguredCallers
    }

    /// What came of reading: everything, or nothing and the reasons.
    struct Result {
        let loaded: Loaded?
        /// As read from the file, where that has no mistakes of its own.
        let configuration: Configuration?
        let diagnostics: [Diagnostic]
        /// What was read, and is worth reading again when it changes, mistakes or not.
        let files: [ConfigurationFile]
    }

    let source: ChosenConfiguration
    let secrets: SecretPolicy
    var host: String?
    var port: Int?
    var adminPort: Int?
    /// Set with the stand-ins: every vendor is turned towards them.
    var vendors: SandboxedVendors?
    var certificate: DevelopmentCertificate?
    /// Set with the stand-ins: those who may ask, where the configuration names nobody.
    var callers: SandboxedCallers?

    /// As messages name the configuration.
    var path: String { self.source.path }

    var inputs: ConfigurationInputs { self.source.inputs(secrets: self.secrets) }

    /// Whether this is a first look: stand-ins for the vendors, and a person who reads standard output.
    var isWatched: Bool { self.vendors != nil && isatty(STDOUT_FILENO) == 1 }

    /// - Parameter inForce: what runs at present: whatever has not changed goes on with its connections and tokens.
    func load(inForce: Loaded? = nil) -> Result {
        let result = Configuration.load(path: self.path, inputs: self.inputs)
        guard var configuration = result.configuration else {
            return Result(
                loaded: nil, configuration: nil, diagnostics: result.diagnostics, files: result.files)
        }
        if let port = self.port { configuration.listener.port = port }
        if let adminPort = self.adminPort { configuration.admin.port = adminPort }
        self.vendors?.redirect(&configuration, addsAll: self.source.isExample)
        self.callers?.add(to: &configuration)
        // After the stand-ins' choice, which is this machine only: whoever names an address means it.
        if let host = self.host { configuration.listener.host = host }
        let targets = ConfiguredTargets(
            configuration, file: self.path, inputs: self.inputs,
            authorities: self.certificate?.certificate, inForce: inForce?.targets)
        let listener = ConfiguredListener(
            configuration, file: self.path, inputs: self.inputs, certificate: self.certificate)
        let store = ConfiguredStore(configuration, file: self.path, inputs: self.inputs)
        let tracing = ConfiguredTracing(configuration, file: self.path, inputs: self.inputs)
        let callers = ConfiguredCallers(
            configuration, file: self.path, inputs: self.inputs, targets: targets,
            authorities: self.certificate?.certificate, inForce: inForce?.callers)
        let further =
            (targets.diagnostics + listener.diagnostics + store.diagnostics + tracing.diagnostics
            + callers.diagnostics).map(result.located)
        let isValid = !further.contains { $0.severity == .error }
        return Result(
            loaded: isValid
                ? Loaded(
                    configuration: configuration, targets: targets, listener: listener, store: store, tracing: tracing,
                    callers: callers)
                : nil,
            configuration: result.configuration, diagnostics: result.diagnostics + further, files: result.files)
    }
}
