import GatewayDocuments
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
            return self.unread([Diagnostic(.error, file: path, message: "the file \(error)")], file: file)
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
        let diagnostics = Diagnostics()
        let origin = DocumentOrigin(file: file.path)
        guard let root = DocumentText.read(bytes, from: origin, into: diagnostics), let node = root.node else {
            return self.unread(diagnostics.inOrderOfDocument, file: file)
        }
        let context = ReadingContext(
            folder: self.folder(of: file.path),
            definedDialects: node["dialects"]?.members.map(\.name) ?? [], inputs: inputs)
        let configuration =
            root.object == nil
            ? nil
            : root.readObject { members in
                Configuration(reading: KeyReader(members, context: context, isDescribing: false))
            }
        return ConfigurationResult(
            configuration: diagnostics.hasErrors ? nil : configuration,
            admin: configuration?.admin ?? AdminConfiguration(), diagnostics: diagnostics.inOrderOfDocument,
            files: [file] + context.files, document: node.document)
    }

    private static func unread(_ diagnostics: [Diagnostic], file: ConfigurationFile) -> ConfigurationResult {
        ConfigurationResult(
            configuration: nil, admin: AdminConfiguration(), diagnostics: diagnostics, files: [file],
            document: nil)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        let folder = path[..<slash]
        return folder.isEmpty ? "" : String(folder)
    }

    /// What the code says of every key, made by reading nothing.
    static let description: ObjectDescription = {
        let inputs = ConfigurationInputs(
            environment: { _ in nil }, readFile: { _, _ in .success([]) }, epochSeconds: { 0 },
            builtInDialects: [], secrets: .ignored)
        let context = ReadingContext(folder: "", definedDialects: [], inputs: inputs)
        let place = Place(Diagnostics(), origin: DocumentOrigin(file: ""), path: .root, node: nil)
        let reader = KeyReader(ObjectReader(place, node: nil), context: context, isDescribing: true)
        _ = Configuration(reading: reader)
        return reader.description
    }()
}
