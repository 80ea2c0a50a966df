/// A place in a text, for messages. Found by walking from the start: for errors and settings only.
package struct JSONPosition: Sendable, Equatable {
    /// From 1; lines end with LF, CR or CRLF.
    package let line: Int
    /// From 1, counted in Unicode scalar values.
    package let column: Int

    package init(offset: Int, in text: UnsafeBufferPointer<UInt8>) {
        var line = 1
        var column = 1
        var previous: UInt8 = 0
        for index in 0..<min(offset, text.count) {
            let byte = text[index]
            if byte == 0x0A, previous == 0x0D {
                // The second half of CRLF ends no further line.
            } else if byte == 0x0A || byte == 0x0D {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
            previous = byte
        }
        self.line = line
        self.column = column
    }
}
