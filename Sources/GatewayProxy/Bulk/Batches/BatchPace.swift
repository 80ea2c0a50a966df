/// When lines of one target travel together.
///
/// A vendor that refuses whole batches, one after the other, gets lines alone for a while: a file with a mistake in
/// every tenth line costs more in batches than without, and an endpoint that is not there answers none. Decides only.
struct BatchPace: Equatable {
    /// Lines that go alone before the next batch.
    private(set) var linesAlone = 0
    private var refusalsInARow = 0

    /// After the second refusal in a row: as many as a batch has.
    static let firstPause = 100
    /// An endpoint that is not there is asked for once in so many lines.
    static let pauseMax = 100_000

    var takesBatches: Bool { self.linesAlone == 0 }

    /// A batch was answered for each of its lines.
    mutating func taken() {
        self.refusalsInARow = 0
    }

    /// A batch was answered as a whole.
    mutating func refused() {
        self.refusalsInARow += 1
        guard self.refusalsInARow > 1 else { return }
        self.linesAlone = min(Self.firstPause << min(self.refusalsInARow - 2, 10), Self.pauseMax)
    }

    /// A line goes alone.
    mutating func wentAlone() {
        self.linesAlone = max(0, self.linesAlone - 1)
    }
}
