/// Lays a text out for a person: two spaces per level, each value's bytes as they came.
///
/// Arrays and objects without containers inside stay on one line while they are short.
package enum JSONPrettyPrinter {
    /// A container of scalars up to this many bytes stays on one line; with its name and indentation that
    /// is about as wide as a terminal.
    private static let lineBytesMax = 64

    /// The laid-out text, without a final line feed. What is not JSON comes back as it is.
    package static func print(_ text: [UInt8], limits: JSONLimits = .file) -> [UInt8] {
        guard let document = try? JSONDocument(parsing: text, limits: limits) else { return text }
        return document.withView { view in
            var output: [UInt8] = []
            output.reserveCapacity(text.count * 2)
            self.append(view, at: 0, level: 0, to: &output)
            return output
        } ?? text
    }

    /// Recursive; the parser's depth limit bounds it.
    private static func append(_ view: JSONView, at index: Int, level: Int, to output: inout [UInt8]) {
        let entry = view[index]
        guard entry.kind == .object || entry.kind == .array else {
            output.append(contentsOf: view.raw(entry))
            return
        }
        let isObject = entry.kind == .object
        let isFlat = self.isShortAndFlat(view, at: index)
        let end = view.next(after: index)
        output.append(isObject ? UInt8(ascii: "{") : UInt8(ascii: "["))
        var child = index + 1
        while child < end {
            if child > index + 1 { output.append(UInt8(ascii: ",")) }
            if !isFlat {
                self.breakLine(level + 1, to: &output)
            } else if child > index + 1 {
                output.append(UInt8(ascii: " "))
            }
            if isObject {
                output.append(contentsOf: view.raw(view[child]))
                output.append(contentsOf: ": ".utf8)
                child += 1
            }
            self.append(view, at: child, level: level + 1, to: &output)
            child = view.next(after: child)
        }
        if !isFlat { self.breakLine(level, to: &output) }
        output.append(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
    }

    private static func isShortAndFlat(_ view: JSONView, at index: Int) -> Bool {
        let end = view.next(after: index)
        var size = 0
        for child in (index + 1)..<max(end, index + 1) {
            let entry = view[child]
            if entry.kind == .object || entry.kind == .array { return false }
            size += entry.byteCount + 2
        }
        // An object with several members reads better one under the other, however short.
        return view[index].kind == .object ? end <= index + 3 && size <= self.lineBytesMax : size <= self.lineBytesMax
    }

    private static func breakLine(_ level: Int, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\n"))
        for _ in 0..<level { output.append(contentsOf: "  ".utf8) }
    }
}
