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

    /// Answers of the vendor of a built-in dialect, to try it with: a document `examples.json`; nil for any other name.
    package static func examples(named name: String) -> [UInt8]? {
        for index in 0..<compiled_examples_count() {
            let examples = compiled_examples_at(index)
            guard String(cString: examples.name) == name else { continue }
            return Array(UnsafeBufferPointer(start: examples.bytes, count: examples.count))
        }
        return nil
    }

    /// The JSON Schema of dialects, for editors. `Dialect(parsing:from:)` finds more.
    package static var schema: String {
        let schema = compiled_dialect_schema()
        return String(decoding: UnsafeBufferPointer(start: schema.bytes, count: schema.count), as: UTF8.self)
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
