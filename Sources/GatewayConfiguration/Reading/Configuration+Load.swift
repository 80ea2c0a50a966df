import GatewayJSON

extension Configuration {
    /// A configuration has some KiB, with inline dialects some hundred.
    private static let bytesMax = 4 << 20

    /// Reads and checks a configuration file, and everything that it refers to.
    ///
    /// Finds all mistakes at once, except behind a place where the text is not JSON. Blocks while
    /// files are read; not for an event loop.
    ///
    /// - Parameter path: the file; relative paths within it are relative to its folder.
    package static func load(path: String, inputs: ConfigurationInputs) -> ConfigurationResult {
        let file = ConfigurationFile(path: path, state: inputs.fileState(path))
        switch inputs.readFile(path, self.bytesMax) {
        case .success(let bytes):
            return self.load(bytes: bytes, from: file, inputs: inputs)
        case .failure(let error):
            let diagnostic = ConfigurationDiagnostic(
                .error, file: path, path: "$", message: "the file \(error)")
            return ConfigurationResult(
                configuration: nil, admin: AdminConfiguration(), diagnostics: [diagnostic],
                files: [file], document: nil)
        }
    }

    /// Checks a configuration whose text is at hand.
    ///
    /// - Parameter path: the file it came from, for messages and relative paths.
    package static func load(
        bytes: [UInt8], path: String, inputs: ConfigurationInputs
    ) -> ConfigurationResult {
        self.load(bytes: bytes, from: ConfigurationFile(path: path, state: nil), inputs: inputs)
    }

    private static func load(
        bytes: [UInt8], from file: ConfigurationFile, inputs: ConfigurationInputs
    ) -> ConfigurationResult {
        do throws(JSONError) {
            let (document, duplicates) = try DuplicateMembers.remove(from: bytes)
            return self.read(document, duplicates: duplicates, file: file, inputs: inputs)
        } catch {
            let diagnostic = ConfigurationDiagnostic(
                .error, file: file.path, line: error.line, column: error.column, path: "$",
                message: "this is not JSON: \(error.explanation)")
            return ConfigurationResult(
                configuration: nil, admin: AdminConfiguration(), diagnostics: [diagnostic],
                files: [file], document: nil)
        }
    }

    private static func read(
        _ document: JSONDocument, duplicates: [DuplicateMembers.Duplicate], file: ConfigurationFile,
        inputs: ConfigurationInputs
    ) -> ConfigurationResult {
        let path = file.path
        let root = document.root
        let context = ReadingContext(
            file: path, folder: self.folder(of: path),
            definedDialects: root["dialects"]?.members.map(\.name) ?? [], inputs: inputs)
        for duplicate in duplicates {
            context.report(
                ConfigurationDiagnostic(
                    .error, file: path, line: duplicate.line, column: duplicate.column,
                    path: duplicate.path.description, message: "this key occurs twice here"))
        }
        let place = Place(context: context, path: .root, node: root, isConfidential: false)
        var configuration: Configuration?
        if root.kind == .object {
            let reader = ObjectReader(place, node: root, isDescribing: false)
            configuration = Configuration(reading: reader)
            reader.finish()
        } else {
            place.refuse(expected: "an object")
        }
        return ConfigurationResult(
            configuration: context.hasErrors ? nil : configuration,
            admin: configuration?.admin ?? AdminConfiguration(),
            diagnostics: self.inOrderOfDocument(context.diagnostics),
            files: [file] + context.files, document: document)
    }

    /// The order of reading is kept where two stand in one place.
    private static func inOrderOfDocument(
        _ diagnostics: [ConfigurationDiagnostic]
    ) -> [ConfigurationDiagnostic] {
        diagnostics.enumerated()
            .sorted { one, other in
                let first = (one.element.line ?? 0, one.element.column ?? 0, one.offset)
                let second = (other.element.line ?? 0, other.element.column ?? 0, other.offset)
                return first < second
            }
            .map(\.element)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        let folder = path[..<slash]
        return folder.isEmpty ? "" : String(folder)
    }

    /// What the code says of every key, made by reading nothing.
    static let description: ObjectDescription = {
        let inputs = ConfigurationInputs(
            environment: { _ in nil }, readFile: { _, _ in .success([]) }, builtInDialects: [],
            secrets: .ignored)
        let context = ReadingContext(file: "", folder: "", definedDialects: [], inputs: inputs)
        let place = Place(context: context, path: .root, node: nil, isConfidential: false)
        let reader = ObjectReader(place, node: nil, isDescribing: true)
        _ = Configuration(reading: reader)
        return reader.description
    }()
}
