import GatewayJSON
import GatewayTranslation

/// A configuration to begin with: the example's listener, and a target for each of some built-in dialects.
struct FirstConfiguration {
    private struct Target {
        let name: String
        let json: [UInt8]
        let secrets: [(key: String, variable: String?, file: String?)]
    }

    let dialects: [String]
    private let targets: [Target]
    private let example: JSONNode?

    init(dialects: [String]) {
        self.dialects = dialects
        let example = (try? JSONDocument(parsing: ExampleConfiguration.text))?.root
        self.example = example
        self.targets = dialects.map { name in
            let known = example?["targets"]?.members.first { $0.value["dialect"]?.string == name }?.value
            let json = known.map { Array($0.rawBytes) } ?? Self.shipped(name)
            return Target(name: name, json: json, secrets: Self.secrets(in: (try? JSONDocument(parsing: json))?.root))
        }
    }

    /// A target of a vendor that the example does not have, as the folder of its dialect has it: where the vendor is,
    /// with what is the operator's to fill in, and what it wants for credentials.
    private static func shipped(_ name: String) -> [UInt8] {
        let examples = Dialect.examples(named: name).flatMap { try? JSONDocument(parsing: $0) }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("dialect", name)
            for member in examples?.root["target"]?.members ?? [] {
                writer.member(member.name, raw: Array(member.value.rawBytes))
            }
        }
        return writer.bytes
    }

    /// Every object with `env` or `file` alone, by the key that it stands under.
    private static func secrets(
        in node: JSONNode?, key: String = ""
    ) -> [(key: String, variable: String?, file: String?)] {
        guard let node else { return [] }
        if node.members.count == 1, node["env"]?.string != nil || node["file"]?.string != nil {
            return [(key, node["env"]?.string, node["file"]?.string)]
        }
        return node.members.flatMap { self.secrets(in: $0.value, key: $0.name) }
    }

    /// `gateway.json`, laid out.
    var text: String {
        var writer = JSONWriter()
        writer.object { writer in
            for member in self.example?.members ?? [] {
                switch member.name {
                case "targets":
                    writer.object("targets") { writer in
                        for target in self.targets { writer.member(target.name, raw: target.json) }
                    }
                case "defaultTarget":
                    if self.targets.count == 1, let only = self.targets.first {
                        writer.member("defaultTarget", only.name)
                    }
                default:
                    writer.member(member.name, raw: Array(member.value.rawBytes))
                }
            }
        }
        return String(decoding: JSONPrettyPrinter.print(writer.bytes), as: UTF8.self) + "\n"
    }

    /// The secrets, as an environment file to fill in; those that are files are named.
    var secretsText: String {
        var lines = [
            "# The secrets that gateway.json names. Fill in a copy, keep it out of the repository, and give "
                + "its variables",
            "# to the gateway's environment (systemd: EnvironmentFile; Compose: env_file; Kubernetes: a Secret).",
        ]
        for target in self.targets {
            lines.append("")
            lines.append("# \(target.name)")
            if target.secrets.isEmpty { lines.append("# needs none") }
            for secret in target.secrets {
                if let variable = secret.variable { lines.append("\(variable)=") }
                if let file = secret.file { lines.append("# \(secret.key): the file \(file)") }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
