import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import GatewayProxy

@Suite("Exchanges for those who watch")
struct ExchangeFeedTests {
    /// A watcher's connection, whose peer reads when a test says so.
    private final class Watcher {
        let channel: EmbeddedChannel
        let gate = AdminConnectionTests.Gate()
        let connection: AdminConnection

        init(_ feed: ExchangeFeed, on loop: EmbeddedEventLoop, filter: ExchangeFilter = ExchangeFilter()) throws {
            self.channel = EmbeddedChannel(loop: loop)
            let connections = AdminConnections(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            self.connection = AdminConnection(connections: connections) { _, whenReady in
                var answer = AdminAnswer(.ok, type: "application/x-ndjson", body: ByteBuffer())
                answer.stream = feed.stream(filter)
                whenReady(answer)
            }
            let pipeline = self.channel.pipeline.syncOperations
            try pipeline.addHandlers([self.gate, BytesArrived()])
            try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false, withErrorHandling: false)
            try pipeline.addHandler(self.connection)
            try self.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            try self.channel.writeInbound(ByteBuffer(string: "GET /exchanges HTTP/1.0\r\nhost: x\r\n\r\n"))
        }

        func received() throws -> String {
            var text = ""
            while let part = try self.channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: part) }
            return text
        }
    }

    private let loop = EmbeddedEventLoop()
    private let watch: ExchangeWatch
    private let feed: ExchangeFeed

    init() {
        self.watch = ExchangeWatch(bytesMax: 2000)
        self.feed = ExchangeFeed(watch: self.watch, eventLoop: self.loop)
    }

    private func end(_ name: String, target: String = "cor", bytes: Int = 20) {
        let line = name + String(repeating: ".", count: max(0, bytes - name.utf8.count - 1)) + "\n"
        self.watch.append(
            WatchedExchange(
                line: Array(line.utf8), callers: [], requestID: name, traceID: "", status: 200, microseconds: 1,
                targets: [target], codes: ["ok"]))
    }

    @Test("workers are asked for nothing while nobody watches")
    func nobody() throws {
        #expect(!self.watch.isOpen)
        let watchers = try [Watcher(self.feed, on: self.loop), Watcher(self.feed, on: self.loop)]
        #expect(self.watch.isOpen)
        watchers[0].connection.giveWay()
        #expect(self.watch.isOpen)
        watchers[1].connection.giveWay()
        #expect(!self.watch.isOpen)
        #expect(self.watch.take().exchanges.isEmpty)
    }

    @Test("each watcher gets what its filter takes, soon")
    func filtered() throws {
        var filter = ExchangeFilter()
        filter.targets = ["catalogue"]
        let all = try Watcher(self.feed, on: self.loop)
        let one = try Watcher(self.feed, on: self.loop, filter: filter)
        #expect(try all.received().hasPrefix("HTTP/1.0 200 OK\r\n"))
        _ = try one.received()
        self.end("first")
        self.end("second", target: "catalogue")
        self.loop.advanceTime(by: .milliseconds(100))
        #expect(try all.received().split(separator: "\n").map { $0.prefix { $0 != "." } } == ["first", "second"])
        #expect(try one.received().hasPrefix("second"))
    }

    @Test("one that does not read misses lines, is told how many, and keeps nobody waiting")
    func slow() throws {
        let slow = try Watcher(self.feed, on: self.loop)
        let other = try Watcher(self.feed, on: self.loop)
        _ = try slow.received()
        slow.gate.isOpen = false
        for number in 0..<600 {
            self.end("line \(number)", bytes: 1000)
            self.loop.advanceTime(by: .milliseconds(100))
        }
        #expect(slow.connection.unreadBytes <= 256 * 1024)
        #expect(try other.received().contains("line 599"))
        slow.gate.isOpen = true
        self.loop.advanceTime(by: .milliseconds(100))
        let lines = try slow.received().split(separator: "\n")
        let kept = lines.count { $0.hasPrefix("line ") }
        #expect(kept == 256 * 1024 / 1000)
        #expect(lines.last == #"{"message":"exchanges left out","count":\#(600 - kept)}"#)
    }

    @Test("what comes faster than it is looked at is left out and counted")
    func flood() throws {
        let watcher = try Watcher(self.feed, on: self.loop)
        _ = try watcher.received()
        for number in 0..<30 { self.end("line \(number)", bytes: 100) }
        self.loop.advanceTime(by: .milliseconds(100))
        let lines = try watcher.received().split(separator: "\n")
        #expect(lines.first == #"{"message":"exchanges left out","count":10}"#)
        #expect(lines.count == 21)
    }

    @Test("a quiet stream says now and then that it is alive")
    func quiet() throws {
        let watcher = try Watcher(self.feed, on: self.loop)
        self.loop.advanceTime(by: .milliseconds(100))
        _ = try watcher.received()
        self.loop.advanceTime(by: .seconds(16))
        #expect(try watcher.received() == "\n")
    }

    @Test("more than so many do not watch at a time")
    func bound() throws {
        let watchers = try (0..<ExchangeFeed.streamsMax).map { _ in try Watcher(self.feed, on: self.loop) }
        #expect(self.feed.stream(ExchangeFilter()) == nil)
        watchers[0].connection.giveWay()
        #expect(self.feed.stream(ExchangeFilter()) != nil)
    }
}
