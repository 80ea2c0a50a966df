/// Where a document's text was taken from, so that messages name the place that an operator can open: a file of its
/// own, or a part of another document, as a dialect that stands in `gateway.json` is.
package struct DocumentOrigin: Sendable, Equatable {
    /// The file, for messages.
    package let file: String
    /// Where the document stands in the file; `$` where it is the whole file.
    package let path: DocumentPath
    /// Line of the document's first character in the file, from 1.
    package let line: Int
    /// Its column, from 1, in Unicode scalar values.
    package let column: Int

    package init(file: String, path: DocumentPath = .root, line: Int = 1, column: Int = 1) {
        self.file = file
        self.path = path
        self.line = line
        self.column = column
    }

    /// A place in the document's text as a place in the file.
    func position(line: Int, column: Int) -> (line: Int, column: Int) {
        // What stands before the document in the file shifts its first line only.
        (self.line + line - 1, line == 1 ? self.column + column - 1 : column)
    }
}
