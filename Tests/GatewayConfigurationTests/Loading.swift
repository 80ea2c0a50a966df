import GatewayConfiguration

/// What the tests load with: an environment and files that exist only here.
struct Machine: Sendable {
    var environment: [String: String] = [:]
    var files: [String: String] = [:]
    var secrets: SecretPolicy = .required

    static let builtInDialects = ["cor", "elastic-path", "softwareone", "catalogue"]

    /// Has the certificate, the key and the variables that the examples of the keys name.
    static let complete = Machine(
        environment: [
            "EP_CLIENT_ID": "id-1", "EP_SECRET": "secret-1", "SOFTWAREONE_TOKEN": "idt:TKN-1:abc",
        ],
        files: [
            "/etc/gateway/tls.crt": Self.certificate, "/etc/gateway/tls.key": Self.privateKey,
            "/run/secrets/ep": "secret-2\n", "/run/secrets/token": "token-1",
        ])

    static let certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    static let privateKey = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"

    func load(_ text: String, path: String = "gateway.json") -> ConfigurationResult {
        Configuration.load(bytes: Array(text.utf8), path: path, inputs: self.inputs)
    }

    var inputs: ConfigurationInputs {
        ConfigurationInputs(
            environment: { [environment] in environment[$0] },
            readFile: { [files] path, bytesMax in
                guard let content = files[path] else {
                    return .failure(.absent(reason: "No such file or directory"))
                }
                guard content.utf8.count <= bytesMax else {
                    return .failure(.tooLarge(bytesMax: bytesMax))
                }
                return .success(Array(content.utf8))
            },
            epochSeconds: { 0 }, builtInDialects: Self.builtInDialects, secrets: self.secrets)
    }
}

extension ConfigurationResult {
    /// The lines that `check` prints.
    var lines: [String] { self.diagnostics.map(\.description) }

    var errors: [String] {
        self.diagnostics.filter { $0.severity == .error }.map(\.description)
    }
}

/// The text of a configuration with one target named `cor` that has these further members.
func configuration(target members: String = "", root: String = "") -> String {
    let target = [#""dialect": "cor", "baseURL": "https://vendor.example""#, members]
    let inner = target.filter { !$0.isEmpty }.joined(separator: ", ")
    let tail = root.isEmpty ? "" : ", \(root)"
    return #"{"listener": {"host": "127.0.0.1"}, "targets": {"cor": {\#(inner)}}\#(tail)}"#
}
