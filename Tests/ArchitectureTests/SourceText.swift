/// Takes comments and string literals out of Swift text, as far as a scan without a parser can.
enum SourceText {
    private enum State: Equatable {
        case code
        case lineComment
        case blockComment(depth: Int)
        /// `hashes` as in `#"…"#`; within `interpolation` parentheses the text is code again.
        case string(hashes: Int, isMultiline: Bool)
    }

    /// The lines of `text`; a literal is left as an empty pair of quotes.
    static func code(of text: String) -> [String] {
        let characters = Array(text)
        var lines: [String] = [""]
        var stack: [State] = [.code]
        /// Open parentheses within each interpolation on the stack.
        var parentheses: [Int] = []
        var index = 0

        func starts(_ mark: String, at position: Int) -> Bool {
            let end = position + mark.count
            return end <= characters.count && characters[position..<end].elementsEqual(mark)
        }
        func emit(_ character: Character) { lines[lines.count - 1].append(character) }

        while index < characters.count {
            let character = characters[index]
            if character == "\n" {
                lines.append("")
                if stack.last == .lineComment { stack.removeLast() }
                index += 1
                continue
            }
            switch stack.last ?? .code {
            case .code:
                if starts("//", at: index) {
                    stack.append(.lineComment)
                } else if starts("/*", at: index) {
                    stack.append(.blockComment(depth: 1))
                    index += 1
                } else if let (hashes, quotes) = self.literal(in: characters, at: index) {
                    emit("\"")
                    emit("\"")
                    stack.append(.string(hashes: hashes, isMultiline: quotes == 3))
                    index += hashes + quotes - 1
                } else {
                    if !parentheses.isEmpty {
                        if character == "(" { parentheses[parentheses.count - 1] += 1 }
                        if character == ")" {
                            parentheses[parentheses.count - 1] -= 1
                            if parentheses.last == 0 {
                                parentheses.removeLast()
                                stack.removeLast()
                                index += 1
                                continue
                            }
                        }
                    }
                    emit(character)
                }
            case .lineComment:
                break
            case .blockComment(let depth):
                if starts("*/", at: index) {
                    stack.removeLast()
                    if depth > 1 { stack.append(.blockComment(depth: depth - 1)) }
                    index += 1
                } else if starts("/*", at: index) {
                    stack[stack.count - 1] = .blockComment(depth: depth + 1)
                    index += 1
                }
            case .string(let hashes, let isMultiline):
                let escape = "\\" + String(repeating: "#", count: hashes)
                let end =
                    String(repeating: "\"", count: isMultiline ? 3 : 1)
                    + String(repeating: "#", count: hashes)
                if starts(escape + "(", at: index) {
                    emit(" ")
                    stack.append(.code)
                    parentheses.append(1)
                    index += escape.count
                } else if starts(escape, at: index) {
                    index += escape.count
                } else if starts(end, at: index) {
                    stack.removeLast()
                    index += end.count - 1
                }
            }
            index += 1
        }
        return lines
    }

    /// How many `#` and quotes begin a literal here, if one begins.
    private static func literal(
        in characters: [Character], at index: Int
    ) -> (hashes: Int, quotes: Int)? {
        var position = index
        while position < characters.count, characters[position] == "#" { position += 1 }
        guard position < characters.count, characters[position] == "\"" else { return nil }
        let isMultiline = characters[position...].prefix(3).elementsEqual("\"\"\"")
        return (position - index, isMultiline ? 3 : 1)
    }
}
