package import GatewayDocuments
import GatewayJSON

/// What loading a configuration gave.
package struct ConfigurationResult: Sendable {
    /// Nil exactly where a diagnostic is an error.
    package let configuration: Configuration?
    /// Where the admin listener is, as far as the file tells: for asking a gateway that runs with
    /// an older file whether it is ready, mistakes in this one or not.
    package let admin: AdminConfiguration
    /// All mistakes and warnings, in the order of the document.
    package let diagnostics: [Diagnostic]
    /// The files that the result depends on, the configuration file first: what to watch.
    package let files: [ConfigurationFile]
    /// Nil where the text is no JSON.
    let document: JSONDocument?

    /// A diagnostic that others made for this configuration, with line and column.
    ///
    /// What a dialect asks of its target, and certificates, are checked by those who know them, who have a path but not
    /// the text. Where the path is not in the document, its nearest part that is counts.
    package func located(_ diagnostic: Diagnostic) -> Diagnostic {
        guard diagnostic.line == nil, diagnostic.file == self.files.first?.path, var node = self.document?.root
        else { return diagnostic }
        for step in diagnostic.path.steps {
            let inner: JSONNode? =
                switch step {
                case .name(let name): node[name]
                case .index(let index): node.elements.indices.contains(index) ? node.elements[index] : nil
                }
            guard let inner else { break }
            node = inner
        }
        var located = diagnostic
        located.line = node.line
        located.column = node.column
        return located
    }
}
