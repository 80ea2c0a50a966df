import Testing

@testable import GatewayProxy

@Suite("When lines travel together")
struct BatchPaceTests {
    @Test("one refusal of a whole batch is chance; from the second in a row on lines go alone, more each time")
    func backsOff() {
        var pace = BatchPace()
        pace.refused()
        #expect(pace.takesBatches)
        var pauses: [Int] = []
        for _ in 1...14 {
            pace.refused()
            pauses.append(pace.linesAlone)
        }
        #expect(pauses.prefix(4) == [100, 200, 400, 800])
        #expect(pauses.last == BatchPace.pauseMax)
    }

    @Test("lines that went alone are counted down, and a batch that is taken ends it")
    func recovers() {
        var pace = BatchPace()
        pace.refused()
        pace.refused()
        for _ in 1...99 { pace.wentAlone() }
        #expect(!pace.takesBatches)
        pace.wentAlone()
        pace.wentAlone()
        #expect(pace.takesBatches)
        pace.taken()
        pace.refused()
        #expect(pace.takesBatches, "that was the first one again")
    }
}
