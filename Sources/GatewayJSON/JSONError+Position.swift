extension JSONError {
    /// Turns a parser's syntax error into what a person needs: line, column, pointer.
    init(syntaxError error: JSONParser.SyntaxError, in text: UnsafeBufferPointer<UInt8>, parser: borrowing JSONParser) {
        guard !Self.isInOtherEncoding(text) else {
            self.init(reason: .otherEncoding, offset: 0, line: 1, column: 1, pointer: nil)
            return
        }
        let position = JSONPosition(offset: error.offset, in: text)
        let reason = Self.isComment(error, in: text) ? .comment : error.reason
        self.init(
            reason: reason, offset: error.offset, line: position.line, column: position.column,
            pointer: error.duplicate.map { parser.pointer(ofName: $0) })
    }

    /// Whether a comment of JavaScript or of a shell begins where something else was expected.
    private static func isComment(_ error: JSONParser.SyntaxError, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        switch error.reason {
        case .expectedValue, .expectedName, .expectedColon, .expectedCommaOrBrace, .expectedCommaOrBracket,
            .trailingBytes:
            break
        default: return false
        }
        guard error.offset < text.count else { return false }
        if text[error.offset] == UInt8(ascii: "#") { return true }
        guard text[error.offset] == UInt8(ascii: "/"), error.offset + 1 < text.count else { return false }
        return text[error.offset + 1] == UInt8(ascii: "/") || text[error.offset + 1] == UInt8(ascii: "*")
    }

    /// Whether a text is in UTF-16 or UTF-32: by its byte order mark, or because JSON begins with two characters of
    /// ASCII, between which UTF-8 has no zeros.
    private static func isInOtherEncoding(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count >= 4 else { return false }
        switch (text[0], text[1], text[2], text[3]) {
        case (0xFF, 0xFE, _, _), (0xFE, 0xFF, _, _), (0, 0, 0xFE, 0xFF): return true
        case (1..., 0, 1..., 0), (0, 1..., 0, 1...), (1..., 0, 0, 0), (0, 0, 0, 1...): return true
        default: return false
        }
    }
}
