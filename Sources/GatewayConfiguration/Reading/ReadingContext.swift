/// What is shared while one configuration is read: the inputs, the folder, the files opened.
///
/// Confined to the one call that loads a configuration.
final class ReadingContext {
    /// What relative paths in the document are relative to; without a slash behind it.
    let folder: String
    let inputs: ConfigurationInputs
    /// The names under `dialects`, known before any target is read.
    let definedDialects: [String]
    /// Every file that the configuration was made from, for watching.
    private(set) var files: [ConfigurationFile] = []

    init(folder: String, definedDialects: [String], inputs: ConfigurationInputs) {
        self.folder = folder
        self.definedDialects = definedDialects
        self.inputs = inputs
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
