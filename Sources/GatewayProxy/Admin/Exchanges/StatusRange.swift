/// Statuses of answers that somebody asks for: `429`, or `5xx` for a class.
package struct StatusRange: Sendable, Equatable {
    private let statuses: ClosedRange<Int>

    /// Nil where a text is neither a status of HTTP nor a class of them.
    package init?(_ text: String) {
        if let status = Int(text), (100...599).contains(status) {
            self.statuses = status...status
        } else if text.count == 3, text.hasSuffix("xx"), let first = Int(text.prefix(1)), (1...5).contains(first) {
            self.statuses = first * 100...first * 100 + 99
        } else {
            return nil
        }
    }

    func contains(_ status: Int) -> Bool { self.statuses.contains(status) }
}
