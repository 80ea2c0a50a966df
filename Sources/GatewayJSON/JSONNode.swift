/// One value of a `JSONDocument`, with everything that settings need: kind, content, members, place.
///
/// Every question that does not fit the kind answers nil or an empty list; nothing traps.
package struct JSONNode: Sendable {
    package let document: JSONDocument
    let index: Int

    private var entry: JSONEntry { self.document.entries[self.index] }

    package var kind: JSONKind { self.entry.kind }

    /// The members of an object, in the order of the text; empty for every other kind.
    package var members: [(name: String, value: JSONNode)] {
        guard self.kind == .object else { return [] }
        var members: [(name: String, value: JSONNode)] = []
        var child = self.index + 1
        let end = Int(self.entry.link)
        while child < end {
            let name = JSONNode(document: self.document, index: child)
            members.append((name.text, JSONNode(document: self.document, index: child + 1)))
            child = Int(self.document.entries[child + 1].link)
        }
        return members
    }

    /// The elements of an array; empty for every other kind.
    package var elements: [JSONNode] {
        guard self.kind == .array else { return [] }
        var elements: [JSONNode] = []
        var child = self.index + 1
        let end = Int(self.entry.link)
        while child < end {
            elements.append(JSONNode(document: self.document, index: child))
            child = Int(self.document.entries[child].link)
        }
        return elements
    }

    /// The member of that name, byte for byte; nil where there is none, or where this is not an object.
    package subscript(name: String) -> JSONNode? {
        guard self.kind == .object else { return nil }
        var child = self.index + 1
        let end = Int(self.entry.link)
        while child < end {
            if JSONNode(document: self.document, index: child).isText(name) {
                return JSONNode(document: self.document, index: child + 1)
            }
            child = Int(self.document.entries[child + 1].link)
        }
        return nil
    }

    /// A string's decoded content.
    package var string: String? { self.kind == .string ? self.text : nil }

    /// A boolean's value.
    package var bool: Bool? {
        switch self.kind {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// A number's value where it is written as a whole number (no fraction, no exponent) and fits.
    package var integer: Int? {
        guard self.kind == .number else { return nil }
        return Int(String(decoding: self.rawBytes, as: UTF8.self))
    }

    package var isNull: Bool { self.kind == .null }

    /// The bytes as they stand in the text; of a string, with its quotes.
    package var rawBytes: ArraySlice<UInt8> {
        self.document.bytes[Int(self.entry.start)..<Int(self.entry.end)]
    }

    /// Line of the first byte, from 1.
    package var line: Int { self.position.line }

    /// Column of the first byte, from 1, in Unicode scalar values.
    package var column: Int { self.position.column }

    package var position: JSONPosition {
        self.document.bytes.withUnsafeBufferPointer { JSONPosition(offset: Int(self.entry.start), in: $0) }
    }

    /// The bytes between the quotes.
    private var content: ArraySlice<UInt8> {
        self.document.bytes[(Int(self.entry.start) + 1)..<(Int(self.entry.end) - 1)]
    }

    /// Whether that is the decoded content, byte for byte. Most names can be told without decoding them.
    private func isText(_ text: String) -> Bool {
        self.entry.isEscaped
            ? self.text.utf8.elementsEqual(text.utf8) : self.content.elementsEqual(text.utf8)
    }

    private var text: String {
        let slice = self.content
        guard self.entry.isEscaped else { return String(decoding: slice, as: UTF8.self) }
        var decoded: [UInt8] = []
        slice.withUnsafeBufferPointer { JSONEscapes.decode($0, into: &decoded) }
        return String(decoding: decoded, as: UTF8.self)
    }
}
