/// What is shared while one document is read: the inputs, the mistakes so far, the files opened.
///
/// Confined to the one call that loads a configuration.
final class ReadingContext {
    /// The configuration file as it was named, for messages.
    let file: String
    /// What relative paths in the document are relative to; without a slash behind it.
    let folder: String
    let inputs: ConfigurationInputs
    /// The names under `dialects`, known before any target is read.
    let definedDialects: [String]
    private(set) var diagnostics: [ConfigurationDiagnostic] = []
    /// Every file that the configuration was made from, for watching.
    private(set) var files: [ConfigurationFile] = []

    init(file: String, folder: String, definedDialects: [String], inputs: ConfigurationInputs) {
        self.file = file
        self.folder = folder
        self.definedDialects = definedDialects
        self.inputs = inputs
    }

    var hasErrors: Bool { self.diagnostics.contains { $0.severity == .error } }

    func report(_ diagnostic: ConfigurationDiagnostic) {
        self.diagnostics.append(diagnostic)
    }

    /// Reads a file, and remembers that the configuration depends on it.
    func read(_ path: String, bytesMax: Int) -> Result<[UInt8], FileError> {
        if !self.files.contains(where: { $0.path == path }) {
            self.files.append(ConfigurationFile(path: path, state: self.inputs.fileState(path)))
        }
        return self.inputs.readFile(path, bytesMax)
    }

    /// A path in the document, made independent of the working folder.
    func resolve(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(self.folder)/\(path)"
    }
}
