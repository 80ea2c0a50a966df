/// What loading a configuration gave.
package struct ConfigurationResult: Sendable {
    /// Nil exactly where a diagnostic is an error.
    package let configuration: Configuration?
    /// All mistakes and warnings, in the order of the document.
    package let diagnostics: [ConfigurationDiagnostic]
    /// The files that the result depends on, the configuration file first: what to watch.
    package let files: [String]
}
