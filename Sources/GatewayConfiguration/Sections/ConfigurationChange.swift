import GatewayDocuments

/// One key that differs between two configurations.
package struct ConfigurationChange: Sendable, Equatable {
    /// Such as `$.targets.cor.timeouts.connect`.
    package let path: String
    /// JSON of the value in force before; nil where the key was absent.
    package let old: String?
    /// JSON of the new value; nil where the key is absent now.
    package let new: String?
    /// Whether the new value takes effect only when the gateway is started again.
    package let needsRestart: Bool
}

extension ConfigurationChange: CustomStringConvertible {
    package var description: String {
        "\(self.path): \(self.old ?? "absent") became \(self.new ?? "absent")"
    }
}

extension Configuration {
    /// What a newer configuration changes, in the order of the reference.
    ///
    /// Compares what the file says. A secret, certificate or dialect file whose content changed
    /// under the same name is not seen here.
    package func changes(to newer: Configuration) -> [ConfigurationChange] {
        var changes: [ConfigurationChange] = []
        Self.compare(
            self.inForce, newer.inForce, as: Self.description, at: .root, into: &changes)
        return changes
    }

    private static func compare(
        _ old: RenderedValue, _ new: RenderedValue, as object: ObjectDescription,
        at path: DocumentPath, into changes: inout [ConfigurationChange]
    ) {
        for key in object.keys {
            self.compare(
                old[key.name], new[key.name], as: key.shape,
                needsRestart: key.takesEffect == .restart, at: path.appending(key.name),
                into: &changes)
        }
    }

    private static func compare(
        _ old: RenderedValue?, _ new: RenderedValue?, as shape: KeyDeclaration.Shape,
        needsRestart: Bool, at path: DocumentPath, into changes: inout [ConfigurationChange]
    ) {
        guard old != new else { return }
        if let old, let new {
            switch shape {
            case .value:
                break
            case .object(let object):
                self.compare(old, new, as: object, at: path, into: &changes)
                return
            case .map(let element):
                for name in self.names(of: old, and: new) {
                    self.compare(
                        old[name], new[name], as: element, needsRestart: needsRestart,
                        at: path.appending(name), into: &changes)
                }
                return
            }
        }
        changes.append(
            ConfigurationChange(
                path: path.description, old: old?.compact, new: new?.compact,
                needsRestart: needsRestart))
    }

    private static func names(of old: RenderedValue, and new: RenderedValue) -> [String] {
        let names = [old, new].flatMap { value in
            guard case .object(let members) = value else { return [String]() }
            return members.map(\.name)
        }
        return Set(names).sorted()
    }
}
