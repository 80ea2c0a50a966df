import GatewayConfiguration
import GatewayTranslation
import Glibc

/// The configuration that a command works with: the file that was named, the one in this folder, or the example.
struct ChosenConfiguration: Sendable {
    /// The file, or how messages name what is none.
    let path: String
    let isExample: Bool

    private static let usualPath = "gateway.json"

    /// - Parameters:
    ///   - path: the file that was named on the command line.
    ///   - orExample: whether the built-in example serves where none was named and this folder has none.
    init(path: String?, orExample: Bool) {
        let isMissing = path == nil && access(Self.usualPath, F_OK) != 0 && errno == ENOENT
        self.isExample = orExample && isMissing
        self.path = self.isExample ? ExampleConfiguration.name : path ?? Self.usualPath
    }

    /// This machine's environment and files; the example counts as one of them.
    func inputs(secrets: SecretPolicy) -> ConfigurationInputs {
        var inputs = ConfigurationInputs.system(builtInDialects: Dialect.builtInNames, secrets: secrets)
        guard self.isExample else { return inputs }
        let readFile = inputs.readFile
        inputs.readFile = { path, bytesMax in
            path == ExampleConfiguration.name
                ? .success(Array(ExampleConfiguration.text.utf8)) : readFile(path, bytesMax)
        }
        return inputs
    }
}
