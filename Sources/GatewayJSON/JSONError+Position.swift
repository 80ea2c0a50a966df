extension JSONError {
    /// Turns a parser's fault into what a person needs: line, column, pointer.
    init(fault: JSONParser.Fault, in text: UnsafeBufferPointer<UInt8>, parser: borrowing JSONParser) {
        let position = JSONPosition(offset: fault.offset, in: text)
        self.init(
            reason: fault.reason, offset: fault.offset, line: position.line, column: position.column,
            pointer: fault.duplicate.map { parser.pointer(ofName: $0) })
    }
}
