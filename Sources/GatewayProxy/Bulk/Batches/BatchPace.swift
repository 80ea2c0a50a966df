/// When lines of one target travel together, and how many.
///
/// A batch takes a quarter of what an attempt may take at most, by what those before it took: a vendor that needs a
/// second for each product would not answer a hundred in time, and nobody would know what became of them. So the first
/// is small, and alone until it has its answer. A vendor that refuses whole batches, one after the other, gets lines
/// alone for a while: a file with a mistake in every tenth line costs more in batches than without, and an endpoint
/// that is not there answers none. Decides only; times are in nanoseconds.
struct BatchPace: Equatable {
    /// Lines that the next batch may have.
    private(set) var linesMax = Self.startsWith
    /// Lines that go alone before the next batch.
    private(set) var linesAlone = 0
    private(set) var underWay = 0
    /// How long a vendor takes for a line is known.
    private var isMeasured = false
    private var refusalsInARow = 0

    /// What has become of a batch.
    enum End: Equatable {
        /// It was answered for each of its lines.
        case taken
        /// It was answered as a whole.
        case refused
        /// It was sent, and brought no answer.
        case unanswered
        /// It was not sent, or not taken now.
        case nothing
    }

    static let startsWith = 10
    /// What is measured of few says little of many.
    private static let growth = 4
    /// Of the time that an attempt may take.
    private static let shareOfAttempt: UInt64 = 4
    /// After the second refusal in a row: as many as a batch has.
    static let firstPause = 100
    /// An endpoint that is not there is asked for once in so many lines.
    static let pauseMax = 100_000

    /// Whether lines may travel together at all now.
    var takesBatches: Bool { self.linesAlone == 0 }

    /// Whether another batch may go beside those under way.
    var mayStart: Bool { self.isMeasured || self.underWay == 0 }

    mutating func started() {
        self.underWay += 1
    }

    /// - Parameters:
    ///   - lines: that it had.
    ///   - took: from handing it to a stream to its end, all attempts together.
    ///   - attempt: how long one attempt may take.
    mutating func ended(_ end: End, lines: Int, took: UInt64, attempt: UInt64) {
        self.underWay = max(0, self.underWay - 1)
        switch end {
        case .taken:
            self.refusalsInARow = 0
            self.isMeasured = true
            let each = max(1, took / UInt64(max(1, lines)))
            let inTime = Int(clamping: attempt / Self.shareOfAttempt / each)
            self.linesMax = max(2, min(inTime, max(self.linesMax, lines * Self.growth)))
        case .unanswered:
            self.isMeasured = false
            if self.linesMax <= 2 { self.goAlone() }
            self.linesMax = max(2, min(self.linesMax, lines) / Self.growth)
        case .refused:
            self.goAlone()
        case .nothing:
            break
        }
    }

    private mutating func goAlone() {
        self.refusalsInARow += 1
        guard self.refusalsInARow > 1 else { return }
        self.linesAlone = min(Self.firstPause << min(self.refusalsInARow - 2, 10), Self.pauseMax)
    }

    /// A line goes alone.
    mutating func wentAlone() {
        self.linesAlone = max(0, self.linesAlone - 1)
    }
}
