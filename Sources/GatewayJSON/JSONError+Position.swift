extension JSONError {
    /// Turns a parser's syntax error into what a person needs: line, column, pointer.
    init(syntaxError error: JSONParser.SyntaxError, in text: UnsafeBufferPointer<UInt8>, parser: borrowing JSONParser) {
        let position = JSONPosition(offset: error.offset, in: text)
        self.init(
            reason: error.reason, offset: error.offset, line: position.line, column: position.column,
            pointer: error.duplicate.map { parser.pointer(ofName: $0) })
    }
}
