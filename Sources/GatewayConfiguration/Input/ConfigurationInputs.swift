/// What loading needs from outside: tests give their own, the product the machine's.
package struct ConfigurationInputs: Sendable {
    /// The value of an environment variable; nil where it is not set.
    package var environment: @Sendable (_ name: String) -> String?
    /// The content of a file of at most so many bytes.
    package var readFile: @Sendable (_ path: String, _ bytesMax: Int) -> Result<[UInt8], FileError>
    /// The time of day in Unix time, for certificates that begin and end.
    package var epochSeconds: @Sendable () -> Int
    /// The state of a file, to tell later whether it has changed; nil where it is not there.
    package var fileState: @Sendable (_ path: String) -> FileState?
    /// The names of the dialects that need no definition.
    package var builtInDialects: [String]
    package var secrets: SecretPolicy

    package init(
        environment: @escaping @Sendable (String) -> String?,
        readFile: @escaping @Sendable (String, Int) -> Result<[UInt8], FileError>,
        fileState: @escaping @Sendable (String) -> FileState? = { _ in nil },
        epochSeconds: @escaping @Sendable () -> Int,
        builtInDialects: [String],
        secrets: SecretPolicy
    ) {
        self.environment = environment
        self.readFile = readFile
        self.fileState = fileState
        self.epochSeconds = epochSeconds
        self.builtInDialects = builtInDialects
        self.secrets = secrets
    }

    /// This process's environment, this machine's files and its clock.
    package static func system(
        builtInDialects: [String], secrets: SecretPolicy
    ) -> ConfigurationInputs {
        ConfigurationInputs(
            environment: SystemEnvironment.value(of:),
            readFile: SystemFile.read(_:bytesMax:),
            fileState: FileState.init(path:),
            epochSeconds: SystemClock.epochSeconds,
            builtInDialects: builtInDialects,
            secrets: secrets)
    }
}
