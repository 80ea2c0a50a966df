import ArgumentParser
import GatewayConfiguration
import GatewayDocuments
import GatewayJSON
import GatewayProxy
import GatewayTranslation

/// The one target that `translate` and `fold` work with, without its secrets and its connections.
struct ChosenTarget {
    let plan: TargetPlan
    let target: TargetConfiguration
    let limits: LimitsConfiguration

    /// Finds a target in a configuration; prints to standard error what stands in the way.
    ///
    /// Throws a `Problem` where there is no such target, and an `ExitCode` where the configuration
    /// cannot be used.
    ///
    /// - Parameter path: the configuration that was named; without one, and without one in this folder, the example.
    init(named name: String?, config path: String?) throws {
        let source = ChosenConfiguration(path: path, orExample: true)
        let config = source.path
        if source.isExample { Terminal.error("there is no gateway.json in this folder: using \(config)") }
        let inputs = source.inputs(secrets: .ignored)
        let result = Configuration.load(path: config, inputs: inputs)
        guard let configuration = result.configuration else {
            Self.report(result.diagnostics, config: config)
            throw ExitCode.failure
        }
        let names = configuration.targets.keys.sorted().joined(separator: ", ")
        guard let name = name ?? configuration.defaultTarget else {
            throw Problem(
                .targetRequired,
                detail: "Name a target with --target: \(config) has no defaultTarget. It has \(names).")
        }
        guard let target = configuration.targets[name] else {
            throw Problem(
                .unknownTarget, detail: "There is no target \"\(name)\" in \(config). It has \(names).")
        }
        let configured = ConfiguredTargets(configuration, file: config, inputs: inputs)
        guard let plan = configured.plans[name] else {
            Self.report(configured.diagnostics, config: config)
            throw ExitCode.failure
        }
        self.plan = plan
        self.target = target
        self.limits = configuration.limits
    }

    /// The base URL as the vendor request's path is appended to it.
    var baseURL: String { self.target.baseURL.description }

    /// What stands in the place of the credentials; nil where there are none.
    var maskedCredentials: MaskedCredentials? { MaskedCredentials(self.target.credentials) }

    /// A translator that takes at most so many bytes.
    func translator(bytesMax: Int) -> Translator {
        Translator(limits: JSONLimits(bytesMax: bytesMax, depthMax: self.limits.jsonDepth))
    }

    private static func report(_ diagnostics: [Diagnostic], config: String) {
        for diagnostic in diagnostics { Terminal.error("\(diagnostic)") }
        Terminal.error("product-gateway: \(config) has mistakes; `product-gateway check` shows all")
    }
}
