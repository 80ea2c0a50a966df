/// What a vendor puts around an id that callers know without it: `gid://shopify/Product/` before the number.
struct AnswerIDForm: Sendable {
    let before: [UInt8]
    let after: [UInt8]

    init(_ text: TextTemplate, _ options: ResolvedOptions) {
        var before: [UInt8] = []
        var after: [UInt8] = []
        var isBehind = false
        for part in text.parts {
            let bytes: [UInt8]
            switch part {
            case .text(let text): bytes = Array(text.utf8)
            case .parameter(let name): bytes = Array(options.parameter(name).utf8)
            default:
                isBehind = true
                continue
            }
            if isBehind { after += bytes } else { before += bytes }
        }
        self.before = before
        self.after = after
    }

    /// The id within; a text of another form is the id itself.
    func id(in written: [UInt8]) -> [UInt8] {
        guard written.count > self.before.count + self.after.count, written.starts(with: self.before),
            written.suffix(self.after.count) == self.after[...]
        else { return written }
        return Array(written.dropFirst(self.before.count).dropLast(self.after.count))
    }
}
