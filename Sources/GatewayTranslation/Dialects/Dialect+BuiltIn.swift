import GatewayDocuments

extension Dialect {
    /// The dialects that are compiled in.
    package static let builtInNames = ["cor", "elastic-path", "softwareone", "catalogue"]

    /// The document of a built-in dialect, as an operator would write it; nil for any other name.
    package static func document(named name: String) -> String? {
        switch name {
        case "cor": DialectDocuments.cor
        case "elastic-path": DialectDocuments.elasticPath
        case "softwareone": DialectDocuments.softwareOne
        case "catalogue": DialectDocuments.catalogue
        default: nil
        }
    }

    /// Reads a built-in dialect. Throws for a name that is none.
    package init(named name: String) throws(DialectError) {
        guard let document = Self.document(named: name) else {
            let names = Self.builtInNames.joined(separator: ", ")
            throw DialectError(diagnostics: [
                Diagnostic(.error, file: name, message: "no built-in dialect \"\(name)\": \(names)")
            ])
        }
        try self.init(parsing: Array(document.utf8), from: DocumentOrigin(file: name))
    }
}

/// Holds the texts of the built-in dialects, each in its own file.
enum DialectDocuments {}
