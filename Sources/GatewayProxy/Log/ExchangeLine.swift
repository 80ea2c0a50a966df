/// One exchange that is over, as a person at a terminal reads it: one line, in columns. The log and `product-gateway
/// tail` write the same. A value; any thread.
package struct ExchangeLine: Sendable, Equatable {
    /// What became of one target's part, or of the whole where no target was known.
    package struct Result: Sendable, Equatable {
        package var target: String?
        /// `ok`, `dry_run`, `caller_left`, or the code of the problem.
        package var code: String
        /// Who failed is not the caller.
        package var isFailure: Bool

        package init(target: String?, code: String, isFailure: Bool) {
            self.target = target
            self.code = code
            self.isFailure = isFailure
        }
    }

    /// What became of the lines of a stream of updates.
    package struct Lines: Sendable, Equatable {
        package var all: Int
        package var done: Int
        package var partial: Int
        package var rejected: Int
        package var unknown: Int
        package var notSent: Int

        package init(all: Int, done: Int, partial: Int, rejected: Int, unknown: Int, notSent: Int) {
            self.all = all
            self.done = done
            self.partial = partial
            self.rejected = rejected
            self.unknown = unknown
            self.notSent = notSent
        }
    }

    package var caller = ""
    package var operation = ""
    package var requestID = ""
    /// Nil where nobody was left to take an answer.
    package var status: Int?
    package var microseconds = 0
    package var results: [Result] = []
    /// Of a stream of updates, whose own answer says nothing of them.
    package var lines: Lines?

    package init() {}

    /// An IPv4 address.
    private static let callerWidth = 15
    /// `update` and `create` are the longest.
    private static let operationWidth = 6
    /// Of an id that the gateway draws this many digits tell a day's requests apart.
    private static let idWidth = 12
    /// `999.9 ms`.
    private static let timeWidth = 8

    /// The line without its time and its newline.
    func append(to text: inout TerminalText) {
        text.column(self.caller.isEmpty ? "–" : self.caller, width: Self.callerWidth)
        text.append("  ")
        text.column(self.operation, width: Self.operationWidth)
        text.append("  ")
        text.column(Self.abridged(self.requestID), width: Self.idWidth, .quiet)
        text.append("  ")
        text.column(self.status.map(String.init) ?? "–", width: 3, self.statusStyle)
        text.append("  ")
        text.column(Self.time(self.microseconds), width: Self.timeWidth, self.timeStyle, isRight: true)
        if let lines = self.lines, self.results.allSatisfy({ $0.code == "ok" }) {
            if self.results.count == 1, let target = self.results[0].target { text.append("  " + target) }
            text.append("  ")
            return lines.append(to: &text)
        }
        for result in self.results {
            text.append("  ")
            if let target = result.target { text.append(target + " ") }
            switch result.code {
            case "ok": text.append("✓", .good)
            case "dry_run": text.append("dry run", .quiet)
            default: text.append(result.code, result.isFailure ? .bad : .doubtful)
            }
        }
    }

    /// The line with the time that it is given, for a command.
    ///
    /// - Parameter time: such as `11:59:23.104`.
    package func bytes(time: String, isColoured: Bool) -> [UInt8] {
        var text = TerminalText(isColoured: isColoured)
        text.append(time, .quiet)
        text.append("  ")
        self.append(to: &text)
        text.append("\n")
        return text.bytes
    }

    private var statusStyle: TerminalText.Style {
        switch self.status ?? 0 {
        case 200...399: .good
        case 400...499: .doubtful
        case 500...: .bad
        default: .quiet
        }
    }

    /// What takes a second is what somebody waits for.
    private var timeStyle: TerminalText.Style { self.microseconds >= 1_000_000 ? .strong : .plain }

    private static func abridged(_ id: String) -> String {
        id.count <= self.idWidth ? id : id.prefix(self.idWidth - 1) + "…"
    }

    /// `0.4 ms`, `12.3 ms`, `1.25 s`.
    private static func time(_ microseconds: Int) -> String {
        let isLong = microseconds >= 1_000_000
        let hundredths = isLong ? microseconds / 10_000 : microseconds / 100 * 10
        let fraction = hundredths % 100
        let digits = isLong ? (fraction < 10 ? "0" : "") + String(fraction) : String(fraction / 10)
        return "\(hundredths / 100).\(digits) \(isLong ? "s" : "ms")"
    }
}

extension ExchangeLine.Lines {
    /// `3 lines: 2 done, 1 unknown`.
    fileprivate func append(to text: inout TerminalText) {
        text.append("\(self.all) \(self.all == 1 ? "line" : "lines")")
        let counts: [(Int, String, TerminalText.Style)] = [
            (self.done, "done", .good), (self.partial, "partial", .doubtful), (self.rejected, "rejected", .doubtful),
            (self.unknown, "unknown", .bad), (self.notSent, "not sent", .doubtful),
        ]
        for (index, (count, name, style)) in counts.filter({ $0.0 > 0 }).enumerated() {
            text.append(index == 0 ? ": " : ", ")
            text.append("\(count) \(name)", style)
        }
    }
}
