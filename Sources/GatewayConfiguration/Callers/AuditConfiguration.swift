/// Whether and where it is recorded who has changed what.
package struct AuditConfiguration: Sendable, Equatable {
    /// Nil: standard output, among the lines of the log.
    package var fileDescriptor: Int?
    /// Whether a change that cannot be recorded is refused.
    package var isRequired: Bool

    init(fileDescriptor: Int?, isRequired: Bool) {
        self.fileDescriptor = fileDescriptor
        self.isRequired = isRequired
    }
}

extension AuditConfiguration: ConfigurationObject {
    init?(reading reader: KeyReader) {
        self.fileDescriptor = reader.optional(
            "fileDescriptor", .integer(in: 3...1023, of: "a file descriptor"),
            absent: "standard output, among the lines of the log",
            "A file descriptor that the process was started with, for the audit's lines alone (`3>>audit.log`).",
            examples: [3], takesEffect: .restart)
        self.isRequired = reader.value(
            "required", .boolean, default: false,
            """
            Whether a change is refused (`503 overloaded`, `not_sent`) while the audit cannot be written: its reader \
            does not keep up, or has gone. Otherwise lines that cannot be written are counted.
            """,
            examples: [true])
    }
}
