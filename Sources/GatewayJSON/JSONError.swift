/// Why a text is not one JSON value as RFC 8259 (and our limits) want it, and where.
package struct JSONError: Error, Sendable, Equatable {
    package let reason: JSONErrorReason
    /// Offset of the offending byte, from 0; the text's length where it ended too early.
    package let offset: Int
    /// Line of the offending byte, from 1; lines end with LF, CR or CRLF.
    package let line: Int
    /// Column of the offending byte within its line, from 1, counted in Unicode scalar values.
    package let column: Int
    /// RFC 6901 pointer of the member that occurs twice; only for `.duplicateName`.
    package let pointer: String?
}

extension JSONError: CustomStringConvertible {
    /// One sentence without a final full stop: `line 3, column 14: a comma before the closing brace`.
    package var description: String {
        "line \(self.line), column \(self.column): \(self.explanation)"
    }

    /// The reason alone, with the pointer where there is one.
    package var explanation: String {
        guard let pointer = self.pointer else { return self.reason.sentence }
        return "\(self.reason.sentence): \(pointer)"
    }
}
