import GatewayJSON

/// A JSON text cut where its values begin and end, so that a page can mark each without reading JSON itself: exact
/// numbers and escapes stay what they are. A value; any thread.
struct TextSegments {
    /// A part of the text, and the pointer of the value that it is; nil for what is between values.
    struct Segment: Equatable {
        let text: String
        let pointer: String?
    }

    /// A value that has no values inside: a scalar, or an empty container.
    struct Leaf: Equatable {
        let pointer: String
        let kind: JSONKind
        /// Where it stands in the text, in bytes.
        let range: Range<Int>
        /// What to take away so that the member is not there any more; nil for an array's element.
        let removal: Range<Int>?
    }

    let all: [Segment]
    let leaves: [Leaf]

    /// The text as it is. Throws where it is no JSON.
    init(_ text: [UInt8], limits: JSONLimits) throws(JSONError) {
        let document = try JSONDocument(parsing: text, limits: limits)
        var leaves: [Leaf] = []
        document.withView { Self.collect($0, at: 0, pointer: "", removal: nil, into: &leaves) }
        self.leaves = leaves
        self.all = Self.cut(text, at: leaves)
    }

    /// The text laid out for a person. What is no JSON is one segment.
    init(layingOut text: [UInt8], limits: JSONLimits) {
        let laidOut = JSONPrettyPrinter.print(text, limits: limits)
        // Laying out makes it longer, not deeper.
        let roomy = JSONLimits(bytesMax: laidOut.count, depthMax: limits.depthMax)
        if let segments = try? TextSegments(laidOut, limits: roomy) {
            self = segments
        } else {
            self.leaves = []
            self.all = [Segment(text: String(decoding: text, as: UTF8.self), pointer: nil)]
        }
    }

    private static func cut(_ text: [UInt8], at leaves: [Leaf]) -> [Segment] {
        var segments: [Segment] = []
        var end = 0
        for leaf in leaves {
            if leaf.range.lowerBound > end {
                segments.append(
                    Segment(text: String(decoding: text[end..<leaf.range.lowerBound], as: UTF8.self), pointer: nil))
            }
            segments.append(Segment(text: String(decoding: text[leaf.range], as: UTF8.self), pointer: leaf.pointer))
            end = leaf.range.upperBound
        }
        if end < text.count {
            segments.append(Segment(text: String(decoding: text[end...], as: UTF8.self), pointer: nil))
        }
        return segments
    }

    /// Recursive; the parser's depth limit bounds it.
    private static func collect(
        _ view: JSONView, at index: Int, pointer: String, removal: Range<Int>?, into leaves: inout [Leaf]
    ) {
        let entry = view[index]
        let end = view.next(after: index)
        guard entry.kind == .object || entry.kind == .array, end > index + 1 else {
            leaves.append(
                Leaf(pointer: pointer, kind: entry.kind, range: Int(entry.start)..<Int(entry.end), removal: removal))
            return
        }
        let isObject = entry.kind == .object
        var child = index + 1
        var position = 0
        var endBefore: Int?
        while child < end {
            let value = isObject ? child + 1 : child
            let next = view.next(after: value)
            let valueEnd = Int(view[value].end)
            let token = isObject ? JSONPointer.escape(view.string(view[child])) : String(position)
            let nameStart = Int(view[child].start)
            // With the comma behind it, or the one before it, or alone.
            let removal =
                next < end ? nameStart..<Int(view[next].start) : (endBefore ?? nameStart)..<valueEnd
            self.collect(
                view, at: value, pointer: pointer + "/" + token, removal: isObject ? removal : nil, into: &leaves)
            endBefore = valueEnd
            position += 1
            child = next
        }
    }

    /// Writes the segments as `[["text"], ["text", "pointer"], …]`.
    func write(_ name: String, to writer: inout JSONWriter) {
        writer.array(name) { writer in
            for segment in self.all {
                writer.array { writer in
                    writer.string(segment.text)
                    if let pointer = segment.pointer { writer.string(pointer) }
                }
            }
        }
    }
}
