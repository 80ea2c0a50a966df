package import GatewayJSON

/// A value of a document and the way to it: what reading the value needs, and what a report about it names.
///
/// Every reading function answers something usable even after a mistake, which it has then reported.
package struct Place {
    package let diagnostics: Diagnostics
    package let origin: DocumentOrigin
    /// The way to the value in the file.
    package let path: DocumentPath
    /// The value; of one that is missing, what is nearest to it, for its line and column. Nil where nothing is read.
    package let node: JSONNode?
    /// Whether values here may be secrets and so must not be quoted in a message.
    package let isConfidential: Bool

    package init(
        _ diagnostics: Diagnostics, origin: DocumentOrigin, path: DocumentPath, node: JSONNode?,
        isConfidential: Bool = false
    ) {
        self.diagnostics = diagnostics
        self.origin = origin
        self.path = path
        self.node = node
        self.isConfidential = isConfidential
    }

    /// A member of this object; where it is missing, the object itself stands for its line and column.
    package func member(_ name: String, _ node: JSONNode?, isConfidential: Bool = false) -> Place {
        Place(
            self.diagnostics, origin: self.origin, path: self.path.appending(name), node: node ?? self.node,
            isConfidential: isConfidential || self.isConfidential)
    }

    /// An element of this array.
    package func element(_ index: Int, _ node: JSONNode) -> Place {
        Place(
            self.diagnostics, origin: self.origin, path: self.path.appending(index: index), node: node,
            isConfidential: self.isConfidential)
    }

    /// Reports a mistake at this place.
    package func refuse(_ message: String) { self.report(.error, message) }

    /// Reports something that is allowed here and probably not meant.
    package func warn(_ message: String) { self.report(.warning, message) }

    package func report(_ severity: Diagnostic.Severity, _ message: String) {
        let position = self.node.map { node in
            let position = node.position
            return self.origin.position(line: position.line, column: position.column)
        }
        self.diagnostics.report(
            Diagnostic(
                severity, file: self.origin.file, line: position?.line, column: position?.column, path: self.path,
                message: message))
    }

    /// Reports `expected a duration such as "2s", found the number 5`.
    ///
    /// - Parameters:
    ///   - kinds: what JSON has for such a value. Where something of another kind stands there the message names its
    ///     kind, because `5` and `"5"` look nearly the same.
    ///   - hint: what to write instead, if that is known; may be empty.
    package func refuse(expected: String, _ kinds: JSONKind..., hint: String = "") {
        let tail = hint.isEmpty ? self.hintOnQuotes(for: kinds) : hint
        let isOther = self.node.map { !kinds.contains($0.kind) } ?? false
        let found = isOther ? self.foundWithKind : self.found
        self.refuse("expected \(expected), found \(found)\(tail.isEmpty ? "" : "; \(tail)")")
    }

    /// What stands there, short enough for a message.
    package var found: String {
        guard let node = self.node else { return "nothing" }
        switch node.kind {
        case .object, .array: return node.kind.noun
        case .string, .number: if self.isConfidential { return node.kind.noun }
        default: break
        }
        // Raw bytes keep control characters escaped, as RFC 8259 demands of strings.
        let text = String(decoding: node.rawBytes, as: UTF8.self)
        // One line of a terminal holds it with path and expectation.
        let lengthMax = 60
        return text.count <= lengthMax ? text : "\(text.prefix(lengthMax))…"
    }

    private var foundWithKind: String {
        guard !self.isConfidential else { return self.found }
        return switch self.node?.kind {
        case .string: "the string \(self.found)"
        case .number: "the number \(self.found)"
        default: self.found
        }
    }

    /// For a number or a truth value that stands in quotes.
    private func hintOnQuotes(for kinds: [JSONKind]) -> String {
        guard let text = self.node?.string, let inner = try? JSONDocument(parsing: text).root,
            kinds.contains(inner.kind), inner.kind != .string
        else { return "" }
        return "it stands without quotes"
    }
}
