import GatewayJSON

/// What the columns of a CSV file mean, and rows as lines of a stream.
///
/// `id`, `op`, `target` and `key` are the line's own. Every other column is a member of the product, named by its
/// pointer, with or without the first slash: `name`, `billing/costCentre`. A cell is text; in a column whose name ends
/// with `:json` it is JSON. An empty cell says nothing: the member stays as it is.
package struct CSVColumns: Sendable {
    private enum Place: Equatable {
        case line(String)
        /// The names that lead to a member of the product.
        case product([String])
    }

    private struct Column {
        let name: String
        let place: Place
        let isJSON: Bool
    }

    private static let lineMembers: Set<String> = ["id", "op", "target", "key"]
    private static let jsonSuffix = ":json"

    private let columns: [Column]

    package init(_ header: CSVReader.Row) throws(PushReadingError) {
        try Self.checkSeparator(header)
        var columns: [Column] = []
        for field in header.fields {
            guard let text = String(validating: field, as: UTF8.self) else {
                throw PushReadingError(line: header.line, "a column's name is not valid UTF-8")
            }
            let isJSON = text.hasSuffix(Self.jsonSuffix)
            let name = isJSON ? String(text.dropLast(Self.jsonSuffix.count)) : text
            guard !name.isEmpty else {
                throw PushReadingError(line: header.line, "column \(columns.count + 1) has no name")
            }
            let pointer = name.hasPrefix("/") ? name.dropFirst() : name[...]
            let tokens = pointer.split(separator: "/", omittingEmptySubsequences: false).map {
                JSONPointer.unescape($0)
            }
            let place: Place = Self.lineMembers.contains(name) ? .line(name) : .product(tokens)
            for other in columns where Self.collide(other.place, place) {
                throw PushReadingError(line: header.line, "the columns \(other.name) and \(name) are one member")
            }
            if case .line = place, isJSON {
                throw PushReadingError(line: header.line, "the column \(name) is text")
            }
            columns.append(Column(name: name, place: place, isJSON: isJSON))
        }
        guard columns.contains(where: { $0.place == .line("id") || $0.place == .line("op") }) else {
            throw PushReadingError(
                line: header.line, "there is no column id, by which updates name their product, and no column op")
        }
        self.columns = columns
    }

    /// Spreadsheets write other separators in some countries.
    private static func checkSeparator(_ header: CSVReader.Row) throws(PushReadingError) {
        guard header.fields.count == 1 else { return }
        for (byte, name) in [(UInt8(ascii: ";"), "semicolons"), (0x09, "tabs")]
        where header.fields[0].contains(byte) {
            throw PushReadingError(
                line: header.line, "the header has \(name) between its columns; CSV has commas (RFC 4180)")
        }
    }

    private static func collide(_ one: Place, _ other: Place) -> Bool {
        switch (one, other) {
        case (.line(let one), .line(let other)): one == other
        case (.product(let one), .product(let other)): one.starts(with: other) || other.starts(with: one)
        default: false
        }
    }

    /// A row as a line of a stream; nil where nothing stands in it.
    package func line(_ row: CSVReader.Row) throws(PushReadingError) -> PushLine? {
        if row.fields.count == 1, row.fields[0].isEmpty { return nil }
        guard row.fields.count == self.columns.count else {
            throw PushReadingError(
                line: row.line,
                "the row has \(row.fields.count) field\(row.fields.count == 1 ? "" : "s"), "
                    + "the header \(self.columns.count)")
        }
        var writer = JSONWriter()
        var product = Node()
        writer.beginObject()
        for (column, cell) in zip(self.columns, row.fields) where !cell.isEmpty {
            guard String(validating: cell, as: UTF8.self) != nil else {
                throw PushReadingError(line: row.line, "the field \(column.name) is not valid UTF-8")
            }
            switch column.place {
            case .line(let name):
                writer.name(name)
                writer.quoted(cell)
            case .product(let tokens):
                product.insert(try Self.value(cell, column, row.line), at: tokens[...])
            }
        }
        writer.name("product")
        product.write(to: &writer)
        writer.endObject()
        return PushLine(number: row.line, text: writer.bytes)
    }

    private static func value(
        _ cell: [UInt8], _ column: Column, _ line: Int
    ) throws(PushReadingError) -> [UInt8] {
        guard column.isJSON else {
            var text: [UInt8] = []
            text.append(quoting: cell)
            return text
        }
        let tape = JSONTape()
        let isValid = cell.withUnsafeBufferPointer { (try? tape.parse($0, limits: .exchange)) != nil }
        guard isValid else { throw PushReadingError(line: line, "the field \(column.name) is not valid JSON") }
        // Line ends stand between tokens only: within a string they are escaped.
        return cell.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
    }

    /// An object that is filled member by member, in the order of the columns.
    private struct Node {
        private var members: [(name: String, value: [UInt8]?, node: [Node])] = []

        mutating func insert(_ value: [UInt8], at tokens: ArraySlice<String>) {
            guard let name = tokens.first else { return }
            guard tokens.count > 1 else {
                self.members.append((name, value, []))
                return
            }
            var position = self.members.firstIndex { $0.name == name }
            if position == nil {
                self.members.append((name, nil, [Node()]))
                position = self.members.count - 1
            }
            if let position { self.members[position].node[0].insert(value, at: tokens.dropFirst()) }
        }

        func write(to writer: inout JSONWriter) {
            writer.beginObject()
            for member in self.members {
                writer.name(member.name)
                if let value = member.value { writer.raw(value) } else { member.node.first?.write(to: &writer) }
            }
            writer.endObject()
        }
    }
}
