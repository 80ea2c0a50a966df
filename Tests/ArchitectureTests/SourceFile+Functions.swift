extension SourceFile {
    /// A function, an initialiser, a subscript or a property with code of its own.
    struct Function: Equatable {
        /// `flush`, `init`, `meaning`
        let name: String
        /// Of its first line, from 1.
        let line: Int
        /// From its first line to the brace that ends it.
        let lineCount: Int
    }

    /// Those with a body of several lines, in the file's order; one within another counts for both.
    var functions: [Function] {
        self.code.indices.compactMap { index in
            guard let name = Self.declaredName(in: self.code[index]), let end = self.endOfBody(from: index) else {
                return nil
            }
            return Function(name: name, line: index + 1, lineCount: end - index + 1)
        }
    }

    /// The name of what begins on this line, if that can have a body.
    private static func declaredName(in line: String) -> String? {
        var words = line.split(whereSeparator: { " (<:{?".contains($0) }).map(String.init)
        // Attributes and modifiers stand before; a call such as `self.init(` is no declaration.
        while let first = words.first,
            first.hasPrefix("@") || first.hasSuffix(")") || Self.modifiers.contains(first)
        {
            words.removeFirst()
        }
        switch words.first {
        case "func": return words.count > 1 ? words[1] : nil
        case "init", "subscript", "deinit": return words.first
        case "var": return words.count > 1 && line.hasSuffix("{") && !line.contains("=") ? words[1] : nil
        default: return nil
        }
    }

    private static let modifiers: Set<String> = [
        "package", "public", "private", "fileprivate", "internal", "static", "class", "final", "override", "mutating",
        "nonmutating", "consuming", "borrowing", "convenience", "required", "nonisolated", "lazy", "unowned", "weak",
    ]

    /// The index of the line where the body that begins at or behind `start` ends; nil for a requirement of a protocol,
    /// which has none.
    private func endOfBody(from start: Int) -> Int? {
        var braces = 0
        var parentheses = 0
        for index in start..<self.code.count {
            for character in self.code[index] {
                switch character {
                case "(", "[": parentheses += 1
                case ")", "]": parentheses -= 1
                case "{": braces += 1
                case "}":
                    braces -= 1
                    if braces == 0 { return index }
                    if braces < 0 { return nil }
                default: break
                }
            }
            // A signature goes on while a parenthesis is open, or with `->`, `where`, `throws` or the brace.
            let next = index + 1 < self.code.count ? self.code[index + 1] : ""
            let words = next.split(separator: " ").first.map(String.init) ?? ""
            let goesOn = ["->", "where", "throws", "async", "{", ")"].contains { words.hasPrefix($0) }
            if braces == 0, parentheses == 0, !goesOn { return nil }
        }
        return nil
    }
}
