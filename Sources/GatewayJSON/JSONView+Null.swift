extension JSONView {
    /// The text `null`: what stands for a text that says nothing.
    package static var null: JSONView {
        JSONView(bytes: self.nullText.bytes, entries: self.nullText.entries, count: 1)
    }

    private static let nullText = NullText()

    /// Never freed.
    private final class NullText: @unchecked Sendable {
        // Unchecked: written only in `init`, before anybody else can see it.
        let bytes: UnsafeMutablePointer<UInt8>
        let entries: UnsafeMutablePointer<JSONEntry>

        init() {
            let text = "null".utf8
            self.bytes = .allocate(capacity: text.count)
            for (index, byte) in text.enumerated() { (self.bytes + index).initialize(to: byte) }
            self.entries = .allocate(capacity: 1)
            self.entries.initialize(
                to: JSONEntry(kind: .null, start: 0, end: text.count, link: 1, isEscaped: false))
        }
    }
}
