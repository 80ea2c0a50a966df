/// One mistake in the configuration, or one thing that is allowed and probably not meant.
package struct ConfigurationDiagnostic: Sendable, Equatable {
    package enum Severity: Sendable, Equatable {
        /// The configuration cannot be used.
        case error
        /// It can, and somebody should look at it.
        case warning
    }

    package var severity: Severity
    /// The file as it was named on the command line.
    package var file: String
    /// From 1; nil where the file as a whole is meant.
    package var line: Int?
    /// From 1, in Unicode scalar values.
    package var column: Int?
    /// Such as `$.targets.cor.timeouts.connect`; `$` is the whole document.
    package var path: String
    /// What was expected and what was found. Never quotes a secret.
    package var message: String

    package init(
        _ severity: Severity, file: String, line: Int? = nil, column: Int? = nil, path: String,
        message: String
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        self.message = message
    }
}

extension ConfigurationDiagnostic: CustomStringConvertible {
    /// One line, in the form that editors and terminals turn into a link:
    /// `gateway.json:12:20: $.targets.cor.timeouts.connect: expected a duration …, found 5`.
    package var description: String {
        var place = self.file
        if let line = self.line {
            place += ":\(line)"
            if let column = self.column { place += ":\(column)" }
        }
        let severity = self.severity == .warning ? "warning: " : ""
        return "\(place): \(severity)\(self.path): \(self.message)"
    }
}
