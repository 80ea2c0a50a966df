/// How far a push is, at one moment.
package struct PushProgress: Equatable, Sendable {
    package var tally: PushTally
    /// Lines of earlier pushes of the same file.
    package var settledBefore = 0
    package var bytesRead: Int
    package var bytesTotal: Int?
    package var seconds: Double
    /// Lines a second, lately.
    package var rate: Double
    package var waiting: [Waiting]
    package var isStopping = false

    package struct Waiting: Equatable, Sendable {
        package let target: String
        package let code: String
        package let seconds: Int
    }

    /// Nil where the end is not known, or nothing has been done to tell by.
    package var secondsLeft: Int? {
        guard let total = self.bytesTotal, total > 0, self.bytesRead > 0, self.seconds > 2, self.rate > 0 else {
            return nil
        }
        let linesEach = Double(self.tally.all + self.settledBefore) / Double(self.bytesRead)
        guard linesEach > 0 else { return nil }
        let left = Double(total - self.bytesRead) * linesEach / self.rate
        return left.isFinite && left >= 0 ? Int(min(left, 1e9)) : nil
    }
}
