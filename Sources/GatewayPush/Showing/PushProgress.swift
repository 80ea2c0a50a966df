/// How far a push is, at one moment.
package struct PushProgress: Equatable, Sendable {
    package var tally: PushTally
    /// Lines of the source that have no result yet, as far as can be told by those that have been read; nil where
    /// nobody knows how long the source is. While it stops, those that have been sent.
    package var linesLeft: Int?
    package var bytesRead: Int
    package var bytesTotal: Int?
    package var seconds: Double
    /// Lines a second, lately.
    package var rate: Double
    package var waiting: [Waiting]
    /// Why the gateway takes no lines at the moment.
    package var gatewayFailure: String?
    package var isStopping = false

    package struct Waiting: Equatable, Sendable {
        package let target: String
        package let code: String
        package let seconds: Int
    }

    /// Nil where the end is not known, or nothing has been done to tell by.
    package var secondsLeft: Int? {
        guard let lines = self.linesLeft, self.seconds > 2, self.rate > 0 else { return nil }
        return Int(min((Double(max(0, lines)) / self.rate).rounded(.up), 1e9))
    }

    /// How many lines of a file have no result yet, if those that have not been read are as long as those that have.
    ///
    /// - Parameters:
    ///   - lines: that have been read, in `bytesRead` bytes of `bytesTotal`.
    ///   - settled: of them, those with a result.
    package static func linesLeft(lines: Int, bytesRead: Int, bytesTotal: Int?, settled: Int) -> Int? {
        guard let total = bytesTotal, bytesRead > 0 else { return nil }
        return max(0, Int(min(Double(lines) / Double(bytesRead) * Double(total), 1e15)) - settled)
    }
}
