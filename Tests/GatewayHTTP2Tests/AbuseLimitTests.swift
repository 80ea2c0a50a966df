import Testing

@testable import GatewayHTTP2

@Suite("Floods of legal frames that carry nothing")
struct AbuseLimitTests {
    private enum Refusal: Equatable {
        /// Our own limits.
        case ours(HTTP2Error)
        /// libnghttp2's: it has said GOAWAY and reads no more.
        case theLibrarys
    }

    /// Feeds batches until the session refuses; `nil` when it never does. The answers are read, so that it is the flood
    /// that counts and not what waits to be sent.
    private func refusal(
        of server: RawServer, batches: Int, nanosecondsBetween pause: UInt64 = 0,
        batch: (Int) -> [UInt8]
    ) throws -> Refusal? {
        for number in 0..<batches {
            server.peer.now += pause
            do {
                try server.peer.receive(batch(number))
            } catch let error as HTTP2Error {
                return .ours(error)
            }
            _ = try server.frames()
            if !server.peer.session.isAlive { return .theLibrarys }
        }
        return nil
    }

    @Test(
        "a flood of one kind of frame ends with peerExceeded",
        arguments: [
            ("PING", RawFrame.ping()),
            ("SETTINGS", .settings()),
            ("SETTINGS with a value", .settings([(4, 1_000)])),
            ("PRIORITY", RawFrame(kind: RawFrame.Kind.priority, stream: 3, payload: [0, 0, 0, 0, 9])),
            ("WINDOW_UPDATE", .windowUpdate(0, 1)),
            ("WINDOW_UPDATE on a stream", .windowUpdate(1, 1)),
            ("empty DATA", .data(1)),
            ("frames of a kind that nobody knows", RawFrame(kind: 0xEE, payload: [1])),
            (
                "padded DATA without data (CVE-2019-9518)",
                RawFrame(
                    kind: RawFrame.Kind.data, flags: RawFrame.Flag.padded, stream: 1, payload: [0])
            ),
        ])
    func flood(name: String, frame: RawFrame) throws {
        let server = try RawServer()
        try server.receive(.headers(1, RawServer.request, isEnd: false))
        let batch = [UInt8]([[UInt8]](repeating: frame.bytes, count: 100).joined())
        let refused = try self.refusal(of: server, batches: 1_000) { _ in batch }
        #expect(refused == .ours(.peerExceeded(.controlFrames)), "\(name)")
    }

    @Test("requests that are reset at once end the connection (CVE-2023-44487)")
    func rapidReset() throws {
        let server = try RawServer()
        let refused = try self.refusal(of: server, batches: 1_000) { batch in
            (0..<10).flatMap { number in
                let stream = UInt32((batch * 10 + number) * 2 + 1)
                return RawFrame.headers(stream, RawServer.request).bytes + RawFrame.reset(stream).bytes
            }
        }
        #expect(refused != nil)
    }

    @Test("requests that make us reset them end the connection (CVE-2025-8671)")
    func madeYouReset() throws {
        let server = try RawServer()
        let refused = try self.refusal(of: server, batches: 2_000) { batch in
            (0..<10).flatMap { number in
                let stream = UInt32((batch * 10 + number) * 2 + 1)
                return RawFrame.headers(stream, RawServer.request).bytes
                    + RawFrame.windowUpdate(stream, 0x7FFF_FFFF).bytes
            }
        }
        #expect(refused != nil)
    }

    @Test("malformed requests without end end the connection: each makes us answer with a reset")
    func malformedRequests() throws {
        let server = try RawServer()
        let refused = try self.refusal(of: server, batches: 2_000) { batch in
            (0..<10).flatMap { number in
                RawFrame.headers(
                    UInt32((batch * 10 + number) * 2 + 1), [":method": "PUT", "connection": "close"]
                ).bytes
            }
        }
        #expect(refused != nil)
    }

    @Test("a PING now and then for a whole day is no flood")
    func keepAlive() throws {
        let server = try RawServer()
        let refused = try self.refusal(
            of: server, batches: 8_640, nanosecondsBetween: 10_000_000_000
        ) { _ in RawFrame.ping().bytes }
        #expect(refused == nil)
    }

    @Test("time drains what has gathered: a burst is forgiven later")
    func drains() throws {
        let server = try RawServer()
        let burst = [UInt8]([[UInt8]](repeating: RawFrame.ping().bytes, count: 500).joined())
        for _ in 0..<5 {
            #expect(try self.refusal(of: server, batches: 10) { _ in burst } == nil)
            server.peer.now += 12_000_000_000
        }
    }

    @Test("a client that sends requests and reads its answers is never taken for a flood")
    func ordinaryUse() throws {
        let server = try RawServer()
        // A WINDOW_UPDATE or two and an update each, ten thousand times within one tick of the clock.
        let refused = try self.refusal(of: server, batches: 10_000) { number in
            let stream = UInt32(number * 2 + 1)
            if number > 0 {
                try? server.peer.session.submitResponse(
                    streamID: Int32(stream) - 2, fields: .response(), body: patternedBody(100))
            }
            return RawFrame.headers(stream, RawServer.request, isEnd: false).bytes
                + RawFrame.data(stream, patternedBody(600), isEnd: true).bytes
                + RawFrame.windowUpdate(0, 1_000).bytes
        }
        #expect(refused == nil)
    }

    @Test("cancelling as many requests as there may be streams, a few times, is no attack")
    func cancelling() throws {
        let server = try RawServer()
        var stream: UInt32 = 1
        // Below the thousand that libnghttp2 allows at once by its own clock.
        let refused = try self.refusal(
            of: server, batches: 9, nanosecondsBetween: 2_000_000_000
        ) { _ in
            (0..<100).flatMap { _ in
                defer { stream += 2 }
                return RawFrame.headers(stream, RawServer.request).bytes + RawFrame.reset(stream).bytes
            }
        }
        #expect(refused == nil)
    }

    @Test("a peer that asks for answers and does not read them is refused: nothing queues without end")
    func unreadAnswers() throws {
        let server = try RawServer()
        let pings = [UInt8]([[UInt8]](repeating: RawFrame.ping().bytes, count: 100).joined())
        var error: HTTP2Error?
        for _ in 0..<100 where error == nil {
            server.peer.now += 1_000_000_000
            do { try server.peer.receive(pings) } catch let caught as HTTP2Error { error = caught }
        }
        #expect(error != nil)
    }

    @Test("more settings in a frame than there are settings end the session (CVE-2020-11080)")
    func manySettings() throws {
        let server = try RawServer()
        try? server.receive(.settings([(UInt16, UInt32)](repeating: (4, 100), count: 2_000)))
        _ = try server.frames()
        #expect(!server.peer.session.isAlive)
    }
}

@Suite("Answers in small frames")
struct SmallAnswerFrameTests {
    /// The error that `frame`, sent again and again within one moment as part of an answer, ends the session with.
    private static func error(sending frame: RawFrame, times: Int) throws -> HTTP2Error? {
        let client = try RawClient()
        let stream = try client.request()
        try client.receive(.headers(stream, [":status": "200"], isEnd: false))
        for _ in 0..<times {
            do { try client.receive(frame) } catch let error as HTTP2Error { return error }
            _ = try client.frames()
        }
        return nil
    }

    @Test("a vendor answers in frames as small as it likes", arguments: [1, 10, 16, 63])
    func small(bytes: Int) throws {
        #expect(try Self.error(sending: .data(1, patternedBody(bytes)), times: 50_000) == nil)
    }

    @Test("frames of an answer that carry nothing are a flood, padded or not")
    func empty() throws {
        let padded = RawFrame(
            kind: RawFrame.Kind.data, flags: RawFrame.Flag.padded, stream: 1, payload: [3, 0, 0, 0])
        for frame in [.data(1), padded] {
            #expect(try Self.error(sending: frame, times: 10_000) == .peerExceeded(.controlFrames))
        }
    }

    @Test("a caller that dribbles its request is one still")
    func caller() throws {
        let server = try RawServer()
        try server.receive(.headers(1, RawServer.request, isEnd: false))
        var error: HTTP2Error?
        for _ in 0..<10_000 where error == nil {
            do { try server.receive(.data(1, patternedBody(63))) } catch let caught as HTTP2Error { error = caught }
            _ = try server.frames()
        }
        #expect(error == .peerExceeded(.controlFrames))
    }
}

@Suite("The bucket of useless frames")
struct AbuseBucketTests {
    @Test("it takes its burst and not one more")
    func burst() {
        var bucket = HTTP2AbuseLimits()
        #expect(bucket.record(cost: HTTP2AbuseLimits.burst, now: 1) == true)
        #expect(bucket.record(cost: 1, now: 1) == false)
    }

    @Test("credit never lets more than a burst through later")
    func credit() {
        var bucket = HTTP2AbuseLimits()
        #expect(bucket.record(cost: -1_000_000, now: 1) == true)
        #expect(bucket.record(cost: HTTP2AbuseLimits.burst + 1, now: 1) == false)
    }

    @Test("a second drains what a second may bring")
    func drain() {
        var bucket = HTTP2AbuseLimits()
        _ = bucket.record(cost: HTTP2AbuseLimits.burst, now: 1_000_000_000)
        #expect(bucket.record(cost: HTTP2AbuseLimits.perSecond, now: 2_000_000_000) == true)
        #expect(bucket.record(cost: 1, now: 2_000_000_000) == false)
    }

    @Test("time that is looked at often drains as much as time that is looked at once")
    func drainInSteps() {
        var bucket = HTTP2AbuseLimits()
        let start: UInt64 = 1_000_000_000
        _ = bucket.record(cost: HTTP2AbuseLimits.burst, now: start)
        var taken = 0
        // Every 3 ms, which is one and a half of what a unit takes to drain.
        for step in 1...1_000 {
            if bucket.record(cost: 1, now: start + UInt64(step) * 3_000_000) {
                taken += 1
            } else {
                break
            }
        }
        #expect(taken == 1_000)
    }

    @Test("a clock that stands still or goes back changes nothing and traps nothing")
    func oddClock() {
        var bucket = HTTP2AbuseLimits()
        #expect(bucket.record(cost: 10, now: .max) == true)
        #expect(bucket.record(cost: 10, now: 0) == true)
        #expect(bucket.record(cost: HTTP2AbuseLimits.burst, now: 0) == false)
    }
}

@Suite("What is on its way when we have said no")
struct UnreadBodyTests {
    @Test("the rest of bodies that were refused early is no flood: their sender could not know")
    func refusedUploads() throws {
        let server = try RawServer()
        for number in 0..<10 {
            let stream = UInt32(number * 2 + 1)
            try server.receive(.headers(stream, RawServer.request, isEnd: false))
            try server.peer.session.submitResponse(
                streamID: Int32(stream), fields: .response(413), body: [])
            _ = try server.frames()
            try server.peer.session.submitReset(streamID: Int32(stream), code: .noError)
            _ = try server.frames()
            // A whole stream window is under way before the reset arrives.
            for _ in 0..<3 { try server.receive(.data(stream, patternedBody(16_384))) }
            try server.receive(.data(stream, patternedBody(16_383)))
        }
        try server.receive(.headers(101, RawServer.request))
        #expect(server.peer.happenings(on: 101).first?.isMessage == true)
        #expect(server.peer.session.isAlive)
    }
}
