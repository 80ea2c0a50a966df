/// Where a secret is read from: the only thing about it that may be shown.
package enum SecretSource: Sendable, Hashable {
    /// The environment variable of this name.
    case environment(name: String)
    /// The file at this path, made absolute where the configuration file's folder was known.
    case file(path: String)
}

extension SecretSource: CustomStringConvertible {
    package var description: String {
        switch self {
        case .environment(let name): "environment variable \(name)"
        case .file(let path): "file \(path)"
        }
    }
}
