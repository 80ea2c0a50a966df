import CDialects
import GatewayDocuments

extension Dialect {
    /// The dialects that are compiled in: one folder of `dialects/` each.
    package static let builtInNames: [String] = (0..<compiled_dialect_count()).map {
        String(cString: compiled_dialect_at($0).name)
    }

    /// The document of a built-in dialect, as an operator would write it; nil for any other name.
    package static func document(named name: String) -> String? {
        for index in 0..<compiled_dialect_count() {
            let dialect = compiled_dialect_at(index)
            guard String(cString: dialect.name) == name else { continue }
            return String(decoding: UnsafeBufferPointer(start: dialect.bytes, count: dialect.count), as: UTF8.self)
        }
        return nil
    }

    /// Reads a built-in dialect. Throws for a name that is none.
    package init(named name: String) throws(DialectError) {
        guard let document = Self.document(named: name) else {
            let names = Self.builtInNames.joined(separator: ", ")
            throw DialectError(diagnostics: [
                Diagnostic(.error, file: name, message: "no built-in dialect \"\(name)\": \(names)")
            ])
        }
        try self.init(parsing: Array(document.utf8), from: DocumentOrigin(file: "dialects/\(name)/dialect.json"))
    }
}
