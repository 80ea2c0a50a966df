/// One mistake in a document that an operator wrote (`gateway.json`, a dialect), or one thing in it that is allowed and
/// probably not meant.
package struct Diagnostic: Sendable, Equatable {
    package enum Severity: Sendable, Equatable {
        /// The document cannot be used.
        case error
        /// It can, and somebody should look at it.
        case warning
    }

    package var severity: Severity
    /// The file as it was named on the command line or in another document.
    package var file: String
    /// From 1; nil where the file as a whole is meant.
    package var line: Int?
    /// From 1, in Unicode scalar values.
    package var column: Int?
    /// Such as `$.targets.cor.timeouts.connect`; `$` is the whole document.
    package var path: DocumentPath
    /// What was expected and what was found. Never quotes a secret.
    package var message: String

    package init(
        _ severity: Severity, file: String, line: Int? = nil, column: Int? = nil, path: DocumentPath = .root,
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

extension Diagnostic: CustomStringConvertible {
    /// One line, in the form that editors and terminals turn into a link:
    /// `gateway.json:12:20: $.targets.cor.timeouts.connect: expected a duration …, found the number 5`.
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

/// Collects what is found while documents are read, so that one mistake hides no other.
///
/// Confined to the one call that reads.
package final class Diagnostics {
    package private(set) var all: [Diagnostic] = []

    package init() {}

    package var hasErrors: Bool { self.all.contains { $0.severity == .error } }

    package func report(_ diagnostic: Diagnostic) {
        self.all.append(diagnostic)
    }

    /// By line and column; what stands in one place keeps the order in which it was found.
    package var inOrderOfDocument: [Diagnostic] {
        self.all.enumerated()
            .sorted { one, other in
                let first = (one.element.line ?? 0, one.element.column ?? 0, one.offset)
                let second = (other.element.line ?? 0, other.element.column ?? 0, other.offset)
                return first < second
            }
            .map(\.element)
    }
}
