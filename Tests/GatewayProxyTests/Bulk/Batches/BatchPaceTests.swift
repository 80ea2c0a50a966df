import Testing

@testable import GatewayProxy

@Suite("When lines travel together")
struct BatchPaceTests {
    private static let millisecond: UInt64 = 1_000_000
    private static let attempt: UInt64 = 10_000 * millisecond

    private func pace(_ ends: (BatchPace.End, lines: Int, milliseconds: UInt64)...) -> BatchPace {
        var pace = BatchPace()
        for (end, lines, milliseconds) in ends {
            pace.started()
            pace.ended(end, lines: lines, took: milliseconds * Self.millisecond, attempt: Self.attempt)
        }
        return pace
    }

    @Test("one refusal of a whole batch is chance; from the second in a row on lines go alone, more each time")
    func backsOff() {
        var pace = self.pace((.refused, 10, 1))
        #expect(pace.takesBatches)
        var pauses: [Int] = []
        for _ in 1...14 {
            pace.ended(.refused, lines: 10, took: 1, attempt: Self.attempt)
            pauses.append(pace.linesAlone)
        }
        #expect(pauses.prefix(4) == [100, 200, 400, 800])
        #expect(pauses.last == BatchPace.pauseMax)
    }

    @Test("lines that went alone are counted down, and a batch that is taken ends it")
    func recovers() {
        var pace = self.pace((.refused, 10, 1), (.refused, 10, 1))
        for _ in 1...99 { pace.wentAlone() }
        #expect(!pace.takesBatches)
        pace.wentAlone()
        pace.wentAlone()
        #expect(pace.takesBatches)
        pace.ended(.taken, lines: 10, took: 1, attempt: Self.attempt)
        pace.ended(.refused, lines: 10, took: 1, attempt: Self.attempt)
        #expect(pace.takesBatches, "that was the first one again")
    }

    @Test("the first batch is small and alone; a fast vendor soon gets all that it takes")
    func grows() {
        var pace = BatchPace()
        #expect(pace.linesMax == 10)
        pace.started()
        #expect(!pace.mayStart)
        pace.ended(.taken, lines: 10, took: 20 * Self.millisecond, attempt: Self.attempt)
        #expect(pace.mayStart)
        #expect(pace.linesMax == 40)
        pace.started()
        #expect(pace.mayStart, "others go beside it once one was measured")
        pace.ended(.taken, lines: 40, took: 80 * Self.millisecond, attempt: Self.attempt)
        #expect(pace.linesMax == 160)
    }

    @Test("a slow vendor gets no more at once than it does in a quarter of an attempt")
    func slow() {
        #expect(self.pace((.taken, 10, 5_000)).linesMax == 5)
        #expect(self.pace((.taken, 10, 5_000), (.taken, 5, 50_000)).linesMax == 2)
        #expect(self.pace((.taken, 10, 5_000), (.taken, 5, 500)).linesMax == 20)
        #expect(self.pace((.taken, 1, 0)).linesMax == 10)
    }

    @Test("batches without an answer become smaller; where two lines get none, lines go alone")
    func unanswered() {
        var pace = self.pace((.taken, 10, 1), (.unanswered, 40, 10_000))
        #expect(pace.linesMax == 10)
        #expect(pace.takesBatches)
        pace.started()
        #expect(!pace.mayStart, "one at a time until one is answered")
        for lines in [10, 2, 2, 2] { pace.ended(.unanswered, lines: lines, took: 1, attempt: Self.attempt) }
        #expect(pace.linesMax == 2)
        #expect(!pace.takesBatches)
    }

    @Test("what the target did not take now says nothing of batches")
    func nothing() {
        var pace = BatchPace()
        pace.started()
        let before = pace
        pace.started()
        pace.ended(.nothing, lines: 10, took: 0, attempt: Self.attempt)
        #expect(pace == before)
    }
}
