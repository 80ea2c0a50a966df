/// A state machine's transitions as text, one a line: `state | event | action | next state`.
///
/// A table of text is what a person can check against the diagram; a test compares it line by line with what the
/// machine does.
struct TransitionTable {
    struct Transition: Hashable, CustomStringConvertible {
        let state: String
        let event: String
        let action: String
        let next: String

        var description: String { "\(self.state) | \(self.event) | \(self.action) | \(self.next)" }
    }

    let transitions: [Transition]

    init(_ text: String) {
        self.transitions = text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { cell in
                cell.split(separator: " ").joined(separator: " ")
            }
            guard cells.count == 4 else { return nil }
            return Transition(state: cells[0], event: cells[1], action: cells[2], next: cells[3])
        }
    }
}
