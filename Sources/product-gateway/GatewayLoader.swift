import GatewayConfiguration
import GatewayDocuments
import GatewayProxy
import GatewayTLS
import GatewayTranslation

/// Reads and checks everything that a gateway runs on, as often as it is asked: at the start and for every reload.
///
/// Reads files; not for an event loop.
struct GatewayLoader {
    /// What was read: complete and without mistakes.
    struct Loaded {
        let configuration: Configuration
        let targets: ConfiguredTargets
    }

    /// What came of reading: everything, or nothing and the reasons.
    struct Result {
        let loaded: Loaded?
        let diagnostics: [Diagnostic]
        /// What was read, and is worth reading again when it changes, mistakes or not.
        let files: [ConfigurationFile]
    }

    let path: String
    let host: String?
    let port: Int?
    let adminPort: Int?
    /// Set with the stand-ins: every vendor is turned towards them.
    let vendors: SandboxedVendors?
    let certificate: DevelopmentCertificate?

    var inputs: ConfigurationInputs {
        .system(
            builtInDialects: Dialect.builtInNames,
            secrets: self.vendors == nil ? .required : .ignored)
    }

    func load() -> Result {
        let result = Configuration.load(path: self.path, inputs: self.inputs)
        guard var configuration = result.configuration else {
            return Result(loaded: nil, diagnostics: result.diagnostics, files: result.files)
        }
        if let port = self.port { configuration.listener.port = port }
        if let adminPort = self.adminPort { configuration.admin.port = adminPort }
        self.vendors?.redirect(&configuration)
        // After the stand-ins' choice, which is this machine only: whoever names an address means it.
        if let host = self.host { configuration.listener.host = host }
        let targets = ConfiguredTargets(
            configuration, file: self.path, inputs: self.inputs,
            authorities: self.certificate?.certificate)
        let diagnostics = result.diagnostics + targets.diagnostics.map(result.located)
        guard !targets.hasErrors else {
            return Result(loaded: nil, diagnostics: diagnostics, files: result.files)
        }
        return Result(
            loaded: Loaded(configuration: configuration, targets: targets), diagnostics: diagnostics,
            files: result.files)
    }
}
