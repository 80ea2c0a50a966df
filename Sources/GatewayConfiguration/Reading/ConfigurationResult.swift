import GatewayJSON

/// What loading a configuration gave.
package struct ConfigurationResult: Sendable {
    /// Nil exactly where a diagnostic is an error.
    package let configuration: Configuration?
    /// Where the admin listener is, as far as the file tells: for asking a gateway that runs with
    /// an older file whether it is ready, mistakes in this one or not.
    package let admin: AdminConfiguration
    /// All mistakes and warnings, in the order of the document.
    package let diagnostics: [ConfigurationDiagnostic]
    /// The files that the result depends on, the configuration file first: what to watch.
    package let files: [ConfigurationFile]
    /// Nil where the text is no JSON.
    let document: JSONDocument?
}
