/// One line to be pushed.
package struct PushLine: Equatable, Sendable {
    /// Where it is in its file, from 1: the line, the row, the element.
    package let number: Int
    /// One JSON text, without a line feed in it.
    package let text: [UInt8]

    package init(number: Int, text: [UInt8]) {
        self.number = number
        self.text = text
    }
}

/// What cannot be read as it is: where, and what is wrong, for whoever wrote the file.
package struct PushReadingError: Error, Equatable, CustomStringConvertible {
    package let line: Int?
    package let reason: String

    package init(line: Int? = nil, _ reason: String) {
        self.line = line
        self.reason = reason
    }

    package var description: String { self.line.map { "line \($0): \(self.reason)" } ?? self.reason }
}
