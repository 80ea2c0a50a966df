import Testing

@testable import GatewayPush

@Suite("Progress is shown")
struct PushDisplayTests {
    private static func progress(_ tally: PushTally, _ waiting: [PushProgress.Waiting] = []) -> PushProgress {
        PushProgress(
            tally: tally,
            linesLeft: PushProgress.linesLeft(lines: tally.all, bytesRead: 500, bytesTotal: 1_000, settled: tally.all),
            bytesRead: 500, bytesTotal: 1_000, seconds: 10, rate: 100, waiting: waiting)
    }

    @Test("numbers are grouped, and what there is none of is not told")
    func line() {
        #expect(
            PushDisplay.line(Self.progress(PushTally(done: 12_345))) == "12,345 lines · 100/s · 12,345 done · 2:04 left"
        )
        #expect(
            PushDisplay.line(
                Self.progress(
                    PushTally(done: 1, refused: 2, unprocessed: 3, unknown: 4),
                    [PushProgress.Waiting(target: "cor", code: "rate_limited", seconds: 9)]))
                == "10 lines · 100/s · 1 done · 2 refused · 3 not processed · 4 unknown · "
                + "waiting for cor (rate_limited, 9 s) · 1 s left")
    }

    @Test("why the gateway takes no lines is told")
    func gatewayFailure() {
        var progress = Self.progress(PushTally(done: 1))
        progress.gatewayFailure = "Connection refused"
        progress.rate = 0
        #expect(
            PushDisplay.line(progress) == "1 line · 0/s · 1 done · waiting for the gateway (Connection refused)")
        #expect(PushDisplay.json(progress).contains(#""gatewayFailure":"Connection refused""#))
    }

    @Test("while it stops, how long what is under way may take is told")
    func stopping() {
        var progress = Self.progress(PushTally(done: 1))
        progress.isStopping = true
        progress.linesLeft = 1_088
        progress.rate = 38
        #expect(PushDisplay.line(progress) == "1 line · 38/s · 1 done · stopping · 29 s left")
    }

    @Test("lines that have been read and have no result yet are left")
    func linesLeft() {
        #expect(PushProgress.linesLeft(lines: 3_000, bytesRead: 9_000, bytesTotal: 9_000, settled: 200) == 2_800)
        #expect(PushProgress.linesLeft(lines: 100, bytesRead: 1_000, bytesTotal: 5_000, settled: 50) == 450)
        #expect(PushProgress.linesLeft(lines: 100, bytesRead: 1_000, bytesTotal: nil, settled: 50) == nil)
        #expect(PushProgress.linesLeft(lines: 0, bytesRead: 0, bytesTotal: 5_000, settled: 0) == nil)
    }

    @Test("what a gateway says gives a terminal no commands; colours stay")
    func visible() {
        #expect(TerminalLine.visible("a\u{1B}[33mb\u{1B}[0m") == "a\u{1B}[33mb\u{1B}[0m")
        #expect(TerminalLine.visible("a\u{1B}[2Jb\u{1B}]0;x\u{7}c\r\nd\u{9B}2Je") == "a[2Jb]0;xcd2Je")
    }

    @Test("a duration is read at a glance", arguments: [(5, "5 s"), (65, "1:05"), (3_661, "1:01:01")])
    func duration(seconds: Int, text: String) { #expect(PushDisplay.duration(seconds) == text) }

    @Test("a line fits its row, colours not counted")
    func fitting() {
        #expect(TerminalLine.fitting("12345", columns: 10) == "12345")
        #expect(TerminalLine.fitting("12345", columns: 4) == "123", "without a colour there is none to be ended")
        #expect(TerminalLine.fitting("1\u{1B}[33m2\u{1B}[0m345678", columns: 5) == "1\u{1B}[33m2\u{1B}[0m34\u{1B}[0m")
    }

    @Test("the JSON form is one object with an end that tells whether all is done")
    func json() {
        let text = PushDisplay.json(Self.progress(PushTally(done: 3)), isComplete: true)
        #expect(text.hasPrefix(#"{"push":{"lines":3,"done":3,"refused":0,"#))
        #expect(text.hasSuffix(#""complete":true}}"#))
    }
}
