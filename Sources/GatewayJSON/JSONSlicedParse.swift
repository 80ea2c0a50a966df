/// Parses one text a slice at a time, so that whoever has other work to do can do it in between. What comes of it is
/// what `JSONTape.parse` makes of the same text.
///
/// A slice is bounded by its values: a text that is one long string is one slice, which goes over it as quickly as over
/// memory. So is an object with its names, which are compared when it ends. Confined to one thread at a time.
package final class JSONSlicedParse {
    package enum Progress: Sendable {
        case unfinished
        case parsed
        /// It is no JSON text, or larger or deeper than the limits allow.
        case failed
    }

    package let limits: JSONLimits
    package private(set) var progress = Progress.unfinished
    private let tape = JSONTape()
    private let textCount: Int
    private var parser: JSONParser

    /// - Parameter text: given again to each slice, wherever it is then.
    package init?(of text: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
        guard let base = text.baseAddress, text.count > 0 else { return nil }
        self.limits = limits
        self.textCount = text.count
        self.parser = JSONParser(base: base, count: text.count, depthMax: limits.depthMax, tape: self.tape)
        if text.count > limits.bytesMax { self.progress = .failed }
    }

    /// Parses on, over so many values and names at most.
    package func advance(_ text: UnsafeBufferPointer<UInt8>, entriesMax: Int) -> Progress {
        guard self.progress == .unfinished else { return self.progress }
        guard let base = text.baseAddress, text.count == self.textCount else {
            self.progress = .failed
            return .failed
        }
        self.parser.base = base
        // Two at least fit: a name and its value.
        self.parser.pauseAt = self.parser.count + max(2, entriesMax)
        do throws(JSONParser.SyntaxError) {
            if try self.parser.run(looksClosely: false) { self.progress = .parsed }
        } catch {
            self.progress = .failed
        }
        return self.progress
    }

    /// What it holds beside the text.
    package var byteCount: Int { self.tape.capacity * MemoryLayout<JSONEntry>.stride }

    /// What was parsed: of the same text, wherever it is now; nil where it is another, or could not be parsed.
    package func view(of text: UnsafeBufferPointer<UInt8>) -> JSONView? {
        guard self.progress == .parsed, let base = text.baseAddress, text.count == self.textCount else { return nil }
        return JSONView(bytes: base, entries: UnsafePointer(self.tape.entries), count: self.parser.count)
    }
}
