/// One mistake in a dialect document.
package struct DialectMistake: Sendable, Equatable, CustomStringConvertible {
    /// JSON path: `$.fields["/sku"].maxLength`.
    package let path: String
    /// What was expected, and what was found.
    package let message: String
    /// From 1; 0 where the mistake has no place of its own, such as a missing member of the root.
    package let line: Int
    package let column: Int

    package var description: String { "\(self.path): \(self.message) (line \(self.line))" }
}

/// Everything that is wrong with one dialect document.
package struct DialectError: Error, Sendable, Equatable {
    package let mistakes: [DialectMistake]
}
