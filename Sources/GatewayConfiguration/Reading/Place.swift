import GatewayJSON

/// Where a value is being read: what reports about it need.
struct Place {
    let context: ReadingContext
    let path: DocumentPath
    /// The value, or what is nearest to a value that is missing.
    let node: JSONNode?
    /// Whether values here may be secrets and so must not be quoted in a message.
    let isConfidential: Bool

    func refuse(_ message: String) { self.report(.error, message) }

    func warn(_ message: String) { self.report(.warning, message) }

    /// `expected a duration such as "2s", found 5`.
    func refuse(expected: String, hint: String = "") {
        let tail = hint.isEmpty ? "" : "; \(hint)"
        self.refuse("expected \(expected), found \(self.found)\(tail)")
    }

    func report(_ severity: ConfigurationDiagnostic.Severity, _ message: String) {
        let position = self.node?.position
        self.context.report(
            ConfigurationDiagnostic(
                severity, file: self.context.file, line: position?.line, column: position?.column,
                path: self.path.description, message: message))
    }

    func member(_ name: String, _ node: JSONNode) -> Place {
        Place(
            context: self.context, path: self.path.appending(name), node: node,
            isConfidential: self.isConfidential)
    }

    func element(_ index: Int, _ node: JSONNode) -> Place {
        Place(
            context: self.context, path: self.path.appending(index: index), node: node,
            isConfidential: self.isConfidential)
    }

    /// What stands there, short enough for a message.
    var found: String {
        guard let node = self.node else { return "nothing" }
        switch node.kind {
        case .object: return "an object"
        case .array: return "an array"
        case .string where self.isConfidential: return "a string"
        default: break
        }
        // Raw bytes keep control characters escaped, as RFC 8259 demands of strings.
        let text = String(decoding: node.rawBytes, as: UTF8.self)
        // One line of a terminal holds it with path and expectation.
        let lengthMax = 60
        return text.count <= lengthMax ? text : "\(text.prefix(lengthMax))…"
    }
}
