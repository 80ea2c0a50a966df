import ArgumentParser
import GatewayConfiguration
import GatewayDocuments
import GatewayTranslation

/// `product-gateway dialect`: makes, checks, tries and shows the documents that say how vendors speak.
struct DialectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dialect",
        abstract: "Make, check, test and show dialects: the documents that say how vendors speak.",
        discussion: """
            A dialect is one JSON document; docs/dialects.md describes it. Nothing has to be built for a new vendor.

            EXAMPLES
              product-gateway dialect new --name acme --request request.json \\
                --answer answer.json > acme.json
              product-gateway dialect check acme.json
              product-gateway dialect test acme.json cases/

            EXIT CODES
              0  no mistakes, all cases hold
              1  mistakes, or cases that do not hold
              64 the command line cannot be understood
            """,
        subcommands: [
            DialectNewCommand.self, DialectCheckCommand.self, DialectTestCommand.self, DialectShowCommand.self,
            DialectSchemaCommand.self,
        ])

    /// Reads a dialect: a file, or the name of a built-in one. Prints every mistake, and then throws.
    static func read(_ name: String) throws -> Dialect {
        let bytes: [UInt8]
        if let document = Dialect.document(named: name) {
            bytes = Array(document.utf8)
        } else {
            switch SystemFile.readDocument(name, bytesMax: 4 << 20) {
            case .success(let read): bytes = read
            case .failure(let error):
                Terminal.error("\(name) \(error)")
                throw ExitCode.failure
            }
        }
        do throws(DialectError) {
            return try Dialect(parsing: bytes, from: DocumentOrigin(file: name))
        } catch {
            for diagnostic in error.diagnostics { Terminal.output("\(diagnostic)") }
            throw ExitCode.failure
        }
    }
}

/// `product-gateway dialect show NAME`.
struct DialectShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print a built-in dialect as a document, to read or to begin one's own with.",
        discussion: """
            EXAMPLES
              product-gateway dialect show stripe
              product-gateway dialect show

            EXIT CODES
              0  printed
              1  there is no such dialect
              64 the command line cannot be understood
            """)

    @Argument(help: "The dialect; without one, the names of all are printed.")
    var name: String?

    func run() throws {
        guard let name = self.name else {
            for name in Dialect.builtInNames.sorted() { Terminal.output(name) }
            return
        }
        guard let document = Dialect.document(named: name) else {
            let names = Dialect.builtInNames.sorted()
            let near = Suggestion.closest(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
            Terminal.error("there is no dialect \"\(name)\"\(near). There are \(names.joined(separator: ", ")).")
            throw ExitCode.failure
        }
        Terminal.output(document.hasSuffix("\n") ? String(document.dropLast()) : document)
    }
}

/// `product-gateway dialect schema`.
struct DialectSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of dialects, for editors.",
        discussion: """
            EXAMPLES
              product-gateway dialect schema > dialect.schema.json

            EXIT CODES
              0  printed
              64 the command line cannot be understood
            """)

    func run() {
        Terminal.output(Dialect.schema)
    }
}

/// `product-gateway dialect check FILE`.
struct DialectCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read a dialect and print every mistake in it.",
        discussion: """
            What `product-gateway check` says of a dialect that gateway.json names, for the document alone: one line \
            for each mistake, with file, line, column, place and what was expected.

            EXAMPLES
              product-gateway dialect check acme.json
              product-gateway dialect check stripe

            EXIT CODES
              0  no mistakes
              1  mistakes, or the file cannot be read
              64 the command line cannot be understood
            """)

    @Argument(help: "A dialect document, or the name of a built-in dialect.")
    var file: String

    func run() throws {
        let dialect = try DialectCommand.read(self.file)
        let operations = dialect.operations.map(\.kind.rawValue).joined(separator: ", ")
        Terminal.output(
            "\(self.file) is valid: \(dialect.title), \(dialect.fields.count) fields, operations \(operations)")
    }
}
