/// A parsed text that owns its bytes: for configuration, dialects and tests, not for the request path.
package final class JSONDocument: Sendable {
    package let bytes: [UInt8]
    let entries: [JSONEntry]

    /// Parses and keeps a copy of `bytes`.
    package init(parsing bytes: [UInt8], limits: JSONLimits = .file) throws(JSONError) {
        let tape = JSONTape()
        var entries: [JSONEntry] = []
        let result: Result<Void, JSONError> = bytes.withUnsafeBufferPointer { buffer in
            do throws(JSONError) {
                let view = try tape.parse(buffer, limits: limits)
                entries = (0..<view.count).map { view[$0] }
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
        self.bytes = bytes
        self.entries = entries
    }

    /// Parses the UTF-8 of a string.
    package convenience init(parsing text: String, limits: JSONLimits = .file) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    package var root: JSONNode { JSONNode(document: self, index: 0) }

    /// Lends the document to code that works on views.
    package func withView<Result>(_ body: (JSONView) -> Result) -> Result? {
        self.bytes.withUnsafeBufferPointer { bytes in
            self.entries.withUnsafeBufferPointer { entries in
                guard let bytesBase = bytes.baseAddress, let entriesBase = entries.baseAddress else { return nil }
                return body(JSONView(bytes: bytesBase, entries: entriesBase, count: entries.count))
            }
        }
    }
}
