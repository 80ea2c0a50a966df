/// Text for a terminal, in columns and, where that is wanted, in colours. A value; any thread.
///
/// What comes from outside is written without control characters, so that nobody can move the reader's cursor.
struct TerminalText {
    /// What a part is to the reader; the colours are the terminal's own eight, which every theme keeps readable.
    enum Style {
        case plain, quiet, strong, good, doubtful, bad

        /// The parameter of SGR (ECMA-48 section 8.3.117).
        fileprivate var parameter: String {
            switch self {
            case .plain: ""
            case .quiet: "2"
            case .strong: "1"
            case .good: "32"
            case .doubtful: "33"
            case .bad: "31"
            }
        }
    }

    private(set) var bytes: [UInt8]
    let isColoured: Bool

    init(appendingTo bytes: consuming [UInt8] = [], isColoured: Bool) {
        self.bytes = bytes
        self.isColoured = isColoured
    }

    mutating func append(_ text: String, _ style: Style = .plain) {
        let isStyled = self.isColoured && style.parameter != ""
        if isStyled { self.bytes.append(contentsOf: "\u{1B}[\(style.parameter)m".utf8) }
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
            self.bytes.append(contentsOf: String(isControl && scalar != "\n" ? "\u{FFFD}" : scalar).utf8)
        }
        if isStyled { self.bytes.append(contentsOf: "\u{1B}[0m".utf8) }
    }

    /// A part that takes at least `width` characters; what is longer moves the rest of its line.
    mutating func column(_ text: String, width: Int, _ style: Style = .plain, isRight: Bool = false) {
        let padding = String(repeating: " ", count: max(0, width - text.count))
        if isRight { self.append(padding) }
        self.append(text, style)
        if !isRight { self.append(padding) }
    }

    /// The members of a log line as ` name=value`.
    ///
    /// - Parameter object: as `LogLine` has them written: a comma before each, and flat values. What is nested comes
    ///   out as the JSON that it is.
    mutating func append(members object: [UInt8]) {
        var index = 0
        while let name = Self.string(in: object, at: index + 1) {
            let start = name.end + 1
            let end = Self.endOfValue(in: object, from: start)
            self.append(" ")
            self.append(String(decoding: name.content, as: UTF8.self) + "=", .quiet)
            var value = object[start..<end]
            if let string = Self.string(in: object, at: start), !string.content.contains(where: Self.needsQuotes) {
                value = string.content
            }
            self.append(String(decoding: value, as: UTF8.self))
            index = end
        }
    }

    private static func needsQuotes(_ byte: UInt8) -> Bool {
        byte <= UInt8(ascii: " ") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"")
    }

    /// The string that begins at a place: what is between its quotes, and where it ends.
    private static func string(in bytes: [UInt8], at start: Int) -> (content: ArraySlice<UInt8>, end: Int)? {
        guard start < bytes.count, bytes[start] == UInt8(ascii: "\"") else { return nil }
        var index = start + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard index < bytes.count else { return nil }
        return (bytes[(start + 1)..<index], index + 1)
    }

    /// Where a value ends: at the comma behind it, or with the text.
    private static func endOfValue(in bytes: [UInt8], from start: Int) -> Int {
        var index = start
        var depth = 0
        while index < bytes.count {
            if let string = self.string(in: bytes, at: index) {
                index = string.end
                continue
            }
            switch bytes[index] {
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: ",") where depth == 0: return index
            default: break
            }
            index += 1
        }
        return index
    }
}
