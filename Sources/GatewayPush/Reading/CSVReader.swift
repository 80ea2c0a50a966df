/// Reads comma-separated values (RFC 4180), whatever pieces they come in.
///
/// Fields may stand in quotes, with commas, line ends and doubled quotes in them. Lines end with a line feed, with or
/// without a carriage return before it; the last one need not. A byte order mark at the beginning is dropped. What is
/// not CSV is told and never guessed: a quote within a field that does not begin with one, text behind a closing quote,
/// an open quote at the end. Holds one row, of at most `bytesMax` bytes.
package struct CSVReader: Sendable {
    /// A row: where it begins, from line 1, and its fields, UTF-8 as they came.
    package struct Row: Equatable, Sendable {
        package let line: Int
        package let fields: [[UInt8]]
    }

    private enum State { case fieldStart, plain, quoted, quoteInQuoted, carriageReturn }

    private static let quote = UInt8(ascii: "\"")
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let bytesMax: Int
    private var state = State.fieldStart
    private var fields: [[UInt8]] = []
    private var field: [UInt8] = []
    private var rowBytes = 0
    private var line = 1
    private var rowLine = 1
    private var bytesSeen = 0

    package init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// Reads more; `take` gets each row that comes to its end.
    package mutating func read(
        _ bytes: some Sequence<UInt8>, _ take: (Row) throws(PushReadingError) -> Void
    ) throws(PushReadingError) {
        for byte in bytes {
            if self.bytesSeen < 3 {
                self.bytesSeen += 1
                if byte == Self.byteOrderMark[self.bytesSeen - 1], self.bytesSeen > 1 || byte == 0xEF { continue }
                self.bytesSeen = 3
            }
            if let row = try self.step(byte) { try take(row) }
        }
    }

    /// Nothing more comes.
    package mutating func end(_ take: (Row) throws(PushReadingError) -> Void) throws(PushReadingError) {
        switch self.state {
        case .quoted: throw PushReadingError(line: self.rowLine, "a quoted field has no closing quote")
        case .fieldStart where self.fields.isEmpty: return
        case .carriageReturn where self.fields.isEmpty && self.field.isEmpty: return
        default: try take(self.endRow())
        }
    }

    private mutating func step(_ byte: UInt8) throws(PushReadingError) -> Row? {
        if byte == 0x0A { self.line += 1 }
        self.rowBytes += 1
        guard self.rowBytes <= self.bytesMax else {
            throw PushReadingError(line: self.rowLine, "the row is longer than \(self.bytesMax) bytes")
        }
        switch (self.state, byte) {
        case (.quoted, Self.quote): self.state = .quoteInQuoted
        case (.quoted, _): self.field.append(byte)
        case (.quoteInQuoted, Self.quote):
            self.field.append(byte)
            self.state = .quoted
        case (.fieldStart, Self.quote): self.state = .quoted
        case (.plain, Self.quote):
            throw PushReadingError(
                line: self.line, "there is a quote within a field; put the field in quotes, and the quote twice")
        case (.carriageReturn, 0x0A), (.fieldStart, 0x0A), (.plain, 0x0A), (.quoteInQuoted, 0x0A):
            return self.endRow()
        case (.carriageReturn, _):
            throw PushReadingError(line: self.line, "there is a carriage return without a line feed")
        case (_, 0x0D): self.state = .carriageReturn
        case (_, UInt8(ascii: ",")):
            self.endField()
            self.state = .fieldStart
        case (.quoteInQuoted, _):
            throw PushReadingError(line: self.line, "there is text behind a closing quote")
        case (.fieldStart, _), (.plain, _):
            self.field.append(byte)
            self.state = .plain
        }
        return nil
    }

    private mutating func endField() {
        self.fields.append(self.field)
        self.field.removeAll(keepingCapacity: true)
    }

    private mutating func endRow() -> Row {
        self.endField()
        let row = Row(line: self.rowLine, fields: self.fields)
        self.fields.removeAll(keepingCapacity: true)
        self.state = .fieldStart
        self.rowBytes = 0
        self.rowLine = self.line
        return row
    }
}
