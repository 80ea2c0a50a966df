/// Indented JSON, a member a line.
struct JSONPretty {
    private(set) var text = ""
    private var depth = 0
    private var needsComma = false

    mutating func open(_ opening: String) {
        self.line(opening)
        self.depth += 1
        self.needsComma = false
    }

    mutating func close(_ closing: String) {
        self.depth -= 1
        self.text += "\n" + String(repeating: "  ", count: self.depth) + closing
        self.needsComma = true
    }

    mutating func member(_ name: String, _ value: String) {
        self.line("\(DialectDraft.quoted(name)): \(value)")
        self.needsComma = true
    }

    private mutating func line(_ line: String) {
        if self.needsComma { self.text += "," }
        self.text += (self.text.isEmpty ? "" : "\n") + String(repeating: "  ", count: self.depth) + line
    }
}
