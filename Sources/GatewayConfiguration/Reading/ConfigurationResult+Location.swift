import GatewayJSON

extension ConfigurationResult {
    /// A diagnostic that others made for this configuration, with line and column.
    ///
    /// Dialects and certificates are checked by those who know them, who have a path but not the
    /// text. Where the path is not in the document, its nearest part that is counts.
    package func located(_ diagnostic: ConfigurationDiagnostic) -> ConfigurationDiagnostic {
        guard diagnostic.line == nil, diagnostic.file == self.files.first?.path,
            let root = self.document?.root
        else { return diagnostic }
        let position = Self.nearest(to: diagnostic.path, from: root, at: .root).position
        var located = diagnostic
        located.line = position.line
        located.column = position.column
        return located
    }

    private static func nearest(
        to wanted: String, from node: JSONNode, at path: DocumentPath
    ) -> JSONNode {
        let members = node.members.map { (path.appending($0.name), $0.value) }
        let elements = node.elements.enumerated().map { (path.appending(index: $0), $1) }
        for (inner, value) in members + elements where Self.is(inner.description, partOf: wanted) {
            return self.nearest(to: wanted, from: value, at: inner)
        }
        return node
    }

    /// Whether a path leads to another, or is the same.
    private static func `is`(_ path: String, partOf wanted: String) -> Bool {
        guard wanted.hasPrefix(path) else { return false }
        guard let next = wanted.dropFirst(path.count).first else { return true }
        return next == "." || next == "[" || next == " "
    }
}
