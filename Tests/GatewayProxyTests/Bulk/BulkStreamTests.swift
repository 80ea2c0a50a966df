import GatewayTranslation
import NIOCore
import Testing

@testable import GatewayProxy

@Suite("A stream of updates")
struct BulkStreamTests {
    @Test("a caller's own limit holds its lines back, and fails none")
    func callersLimit() throws {
        let limits = CallerLimits(
            rate: RequestMeter(requests: 1, periodNanoseconds: 5_000_000_000, burst: 2), quota: nil)
        let bench = try StreamBench(caller: Caller(name: "pim", index: 0, limits: limits))
        for id in ["a", "b", "c"] { bench.update(id) }
        bench.end()
        let connection = try bench.accept()
        bench.answer(connection)
        bench.answer(connection)
        #expect(bench.host.lines == ["1 done", "2 done"])
        #expect(bench.host.recorded == [1, 2])
        bench.stream.tick()
        #expect(connection.attempts.isEmpty)
        #expect(bench.host.text.contains(#""code":"rate_limited""#), "the caller is told why it waits")
        #expect(bench.stream.lanes[0].ready.count == 1)
    }

    @Test("once the caller is gone nothing is sent, what is under way is finished, and the stream ends")
    func gone() throws {
        let bench = try StreamBench()
        for id in ["a", "a"] { bench.update(id) }
        let connection = try bench.accept()
        bench.host.isGone = true
        bench.stream.tick()
        bench.fixture.loop.run()
        #expect(bench.host.lines == ["2 not_sent unauthenticated"])
        bench.answer(connection)
        #expect(
            bench.host.lines == [
                "2 not_sent unauthenticated", "1 done", "fatal unauthenticated", "summary complete false",
            ])
        #expect(bench.host.endings == 1)
    }

    @Test("no line is sent while the audit takes none")
    func audit() throws {
        let bench = try StreamBench()
        bench.host.takesChanges = false
        bench.update("a")
        #expect(bench.vendor.accept() == nil)
        #expect(bench.stream.lanes[0].ready.count == 1)
        #expect(bench.host.lines == [])
    }

    @Test("each line is delivered, and its result sent as it comes; the summary is last")
    func lines() throws {
        let bench = try StreamBench()
        bench.update("a")
        let connection = try bench.accept()
        bench.update("b")
        #expect(connection.attempts.count == 2)
        bench.answer(connection)
        #expect(bench.host.lines == ["1 done"])
        bench.end()
        #expect(!bench.host.isEnded)
        bench.answer(connection)
        #expect(bench.host.lines == ["1 done", "2 done", "summary complete true"])
        #expect(bench.host.isEnded)
        #expect(bench.host.endings == 1)
        #expect(bench.host.status == 200)
        #expect(bench.host.held == 0)
        #expect(bench.fixture.worker.exchanges.streams.streams.isEmpty)
    }

    @Test("a stream without a line has a summary")
    func empty() throws {
        let bench = try StreamBench()
        bench.end()
        #expect(bench.host.lines == ["summary complete true"])
    }

    @Test("a line that cannot be taken is a result and not the end")
    func malformed() throws {
        let bench = try StreamBench()
        bench.send("nonsense", "", #"{"id":"a"}"#)
        bench.update("a")
        let connection = try bench.accept()
        bench.answer(connection)
        bench.end()
        #expect(
            bench.host.lines == [
                "1 not_sent malformed_json", "3 not_sent validation_failed", "4 done", "summary complete true",
            ])
        #expect(bench.host.totals?.lines == 3)
        #expect(bench.host.totals?.done == 1)
        #expect(bench.host.totals?.notSent == 2)
    }

    @Test("lines of one product go one after the other; behind a failed one none goes", arguments: [true, false])
    func order(goesOn: Bool) throws {
        let bench = try StreamBench(goesOn: goesOn)
        for id in ["a", "a", "b", "a"] { bench.update(id) }
        let connection = try bench.accept()
        #expect(connection.requests.map { String(decoding: $0.content.path.suffix(1), as: UTF8.self) } == ["a", "b"])
        bench.answer(connection, 422)
        if goesOn {
            #expect(connection.requests.count == 3)
        } else {
            #expect(connection.requests.count == 2)
            #expect(bench.host.lines.dropFirst() == ["2 not_sent predecessor_failed", "4 not_sent predecessor_failed"])
        }
        #expect(bench.host.lines.first?.hasPrefix("1 rejected") == true)
    }

    @Test("a rate limit slows the stream and fails no line")
    func rateLimit() throws {
        let bench = try StreamBench()
        bench.update("a")
        let connection = try bench.accept()
        bench.update("b")
        bench.answer(connection, 429, retryAfter: "2")
        bench.answer(connection, 429, retryAfter: "2")
        #expect(bench.host.lines == [])
        bench.stream.tick()
        #expect(connection.attempts.isEmpty, "nothing is sent before the vendor wants it")
        #expect(bench.host.lines == ["progress"], "the caller is told whom it waits for")
        #expect(bench.stream.lanes[0].ready.count == 2)
        bench.end()
        bench.stream.drain()
        #expect(
            bench.host.lines.dropFirst() == [
                "1 not_sent overloaded", "2 not_sent overloaded", "fatal overloaded", "summary complete false",
            ])
    }

    @Test(
        "an update that the vendor failed without a clear answer is sent again; its outcome is unknown until it is done"
    )
    func repeats() throws {
        let bench = try StreamBench()
        bench.update("a")
        let connection = try bench.accept()
        bench.answer(connection, 503)
        #expect(bench.host.lines == [])
        #expect(bench.stream.lanes[0].ready.count == 1)
        bench.stream.lanes[0].pace = BulkPace()
        bench.stream.pump()
        bench.answer(connection, 422)
        #expect(bench.host.lines == ["1 unknown validation_failed"])
        // A create may have been done, and is not.
        bench.send(#"{"op":"create","product":{"name":"x"}}"#)
        bench.answer(connection, 503)
        #expect(bench.host.lines.last?.hasPrefix("2 unknown") == true)
        #expect(connection.attempts.isEmpty)
    }

    @Test("postponed lines go out again in their order, before those that were not sent")
    func postponedOrder() throws {
        let bench = try StreamBench()
        bench.update("1")
        let connection = try bench.accept(4)
        for number in 2...6 { bench.update("\(number)") }
        #expect(connection.attempts.count == 3)
        for _ in 1...3 { bench.answer(connection, 429, retryAfter: "2") }
        #expect(bench.stream.lanes[0].ready.map(\.line.number) == [1, 2, 3, 4, 5, 6])
    }

    @Test("the window is bounded, and credit is given when a line is taken")
    func window() throws {
        let bench = try StreamBench()
        bench.update("0")
        let connection = try bench.accept(10)
        var sent = #"{"id":"0","product":{"name":"x"}}"#.utf8.count + 1
        for number in 1...400 {
            let line = "{\"id\":\"\(number)\",\"product\":{\"name\":\"x\"}}"
            sent += line.utf8.count + 1
            bench.send(line)
        }
        #expect(bench.stream.totals.lines == BulkLimits.linesMax)
        #expect(bench.host.credit < sent)
        #expect(!bench.stream.takesMore)
        while !connection.attempts.isEmpty { bench.answer(connection) }
        #expect(bench.host.totals == nil)
        #expect(bench.host.credit == sent)
        #expect(bench.stream.takesMore)
        bench.end()
        #expect(bench.host.totals?.done == 401)
    }

    @Test("a stream leaves room for others at its target")
    func roomForOthers() throws {
        let bench = try StreamBench()
        bench.update("0")
        let connection = try bench.accept(8)
        for number in 1...50 { bench.update("\(number)") }
        #expect(connection.attempts.count == 6)
        #expect(bench.fixture.worker.deliveries.room(at: bench.stream.lanes[0].target) == 2)
    }

    @Test("results that are not read keep further lines from being taken, but not for ever")
    func unread() throws {
        let bench = try StreamBench()
        bench.update("a")
        let connection = try bench.accept()
        bench.answer(connection)
        bench.stream.unreadBytes = BulkLimits.unreadBytesMax + 1
        bench.stream.readAt = bench.stream.now
        bench.update("b")
        #expect(connection.attempts.isEmpty)
        // A caller that sends everything before it reads.
        bench.stream.readAt = bench.stream.now &- BulkLimits.readingPauseNanoseconds
        bench.stream.pump()
        #expect(connection.attempts.count == 1)
        bench.stream.unreadBytes = BulkLimits.heldBytesMax
        bench.answer(connection)
        #expect(bench.host.lines == ["1 done", "2 done", "fatal overloaded", "summary complete false"])
        #expect(!bench.stream.receive(UnsafeRawBufferPointer(start: nil, count: 0)))
    }

    @Test("a caller that says nothing more is told so, after what it has sent is done")
    func late() throws {
        let bench = try StreamBench { $0.idleTimeoutNanoseconds = 0 }
        bench.update("a")
        let connection = try bench.accept()
        bench.stream.tick()
        #expect(bench.host.lines == [])
        bench.answer(connection)
        bench.stream.tick()
        #expect(bench.host.lines == ["1 done", "fatal invalid_request", "summary complete false"])
    }

    @Test("a line without end is passed over, and the stream ends when it becomes absurd")
    func endless() throws {
        let bench = try StreamBench()
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        var sent = 0
        while bench.host.totals == nil, sent < 100 {
            _ = piece.withUnsafeBytes { bench.stream.receive($0) }
            sent += 1
        }
        #expect(bench.host.lines == ["fatal payload_too_large", "summary complete false"])
        #expect(bench.host.heldMax < 2 << 20)
    }

    @Test("when its caller goes, what is under way is finished and nothing else is sent")
    func callerLeft() throws {
        let bench = try StreamBench()
        bench.update("a")
        let connection = try bench.accept(1)
        for id in ["b", "c", "a"] { bench.update(id) }
        #expect(bench.stream.callerLeft())
        #expect(bench.host.totals == nil)
        bench.answer(connection)
        #expect(connection.attempts.isEmpty)
        #expect(bench.host.totals?.done == 1)
        #expect(bench.host.totals?.notSent == 3)
        #expect(bench.host.endings == 1)
        #expect(bench.host.lines == [])
    }

    @Test("when the gateway stops, what is under way is finished, and the caller is told where it stands")
    func drain() throws {
        let bench = try StreamBench()
        bench.update("a")
        let connection = try bench.accept(1)
        for id in ["b", "a"] { bench.update(id) }
        bench.stream.drain()
        #expect(bench.host.lines.sorted() == ["2 not_sent overloaded", "3 not_sent overloaded"])
        bench.answer(connection)
        #expect(bench.host.lines.suffix(3) == ["1 done", "fatal overloaded", "summary complete false"])
        #expect(bench.fixture.worker.exchanges.streams.streams.isEmpty)
    }

    @Test("when all has come and is under way, a stop changes nothing; a cut tells what is not known")
    func cut() throws {
        let bench = try StreamBench()
        bench.update("a")
        let connection = try bench.accept()
        bench.end()
        bench.stream.drain()
        #expect(bench.host.lines == [])
        #expect(connection.attempts.count == 1)
        bench.stream.cut()
        #expect(bench.host.lines == ["1 unknown vendor_timeout", "summary complete true"])
    }

    @Test("return=minimal tells of failures and, once in a second, of progress")
    func minimal() throws {
        let bench = try StreamBench(isMinimal: true)
        bench.update("a")
        let connection = try bench.accept()
        bench.send("nonsense")
        bench.answer(connection)
        #expect(bench.host.lines == ["2 not_sent malformed_json"])
        bench.stream.progressAt = 0
        bench.stream.tick()
        bench.stream.tick()
        #expect(bench.host.lines.dropFirst() == ["progress"])
        bench.end()
        #expect(bench.host.lines.last == "summary complete true")
    }

    @Test("a dry run translates every line and sends none")
    func dryRun() throws {
        let bench = try StreamBench(isDryRun: true)
        for number in 0..<100 { bench.update("\(number)") }
        bench.send(#"{"id":"z","product":{"name":7}}"#)
        bench.end()
        #expect(bench.vendor.dials.isEmpty)
        #expect(bench.host.lines.count == 102)
        #expect(bench.host.totals?.notSent == 101)
        #expect(bench.host.lines[100].hasPrefix("101 not_sent validation_failed"))
    }
}
