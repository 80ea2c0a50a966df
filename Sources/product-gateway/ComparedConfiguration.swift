import ArgumentParser
import GatewayConfiguration
import GatewayJSON
import GatewayProxy
import GatewayTranslation

/// The configuration that another is held against: a file, or what a running gateway has in force.
struct ComparedConfiguration {
    let configuration: Configuration
    let plans: [String: TargetPlan]

    private static let statusPath = "/status"
    private static let statusBytesMax = 64 << 20
    private static let answerMilliseconds: Int32 = 5000

    /// Prints what stands in the way, and throws the exit code.
    ///
    /// - Parameters:
    ///   - place: the URL of an admin listener, or a file.
    ///   - config: relative paths of what a gateway has in force are looked up beside this file.
    ///   - admin: what an admin listener is shown.
    init(at place: String, besides config: String, admin: AdminOptions) throws {
        let inputs = ConfigurationInputs.system(builtInDialects: Dialect.builtInNames, secrets: .ignored)
        let result: ConfigurationResult
        if place.hasPrefix("http://") || place.hasPrefix("https://") {
            let endpoint = try admin.endpoint(
                AdminAddress(url: place, path: Self.statusPath, option: "--against"))
            result = Configuration.load(bytes: try Self.inForce(at: endpoint), path: config, inputs: inputs)
        } else {
            result = Configuration.load(path: place, inputs: inputs)
        }
        guard let configuration = result.configuration else {
            for diagnostic in result.diagnostics { Terminal.error("\(diagnostic)") }
            Terminal.error("product-gateway: \(place) has nothing to compare with")
            throw ExitCode.failure
        }
        self.configuration = configuration
        self.plans = ConfiguredTargets(configuration, file: config, inputs: inputs).plans
    }

    /// The configuration in force, with secrets as the places that they come from.
    private static func inForce(at endpoint: AdminEndpoint) throws -> [UInt8] {
        let url = endpoint.url
        do throws(SocketFailure) {
            let answer = try HealthProbe.get(
                endpoint, timeoutMilliseconds: self.answerMilliseconds, bytesMax: self.statusBytesMax)
            if answer.status == 200, let status = try? JSONDocument(parsing: answer.body),
                let document = status.root["configuration"]?["inForce"]
            {
                return Array(document.rawBytes)
            }
            Terminal.error("product-gateway: \(url) answered \(answer.status), and no configuration")
        } catch {
            Terminal.error("product-gateway: no answer from \(url): \(error)")
        }
        throw ExitCode.failure
    }
}
