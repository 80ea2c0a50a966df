import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import GatewayProxy

@Suite("An operator's connection")
struct AdminConnectionTests {
    /// A channel whose peer reads when a test says so, and whose answers are ready when a test says so.
    private final class Peer {
        let channel: EmbeddedChannel
        let connection: AdminConnection
        let gate = Gate()
        private(set) var asked: [String] = []
        private var ready: [(AdminAnswer) -> Void] = []
        private let answersAtOnce: Bool

        init(_ connections: AdminConnections, on loop: EmbeddedEventLoop, answersAtOnce: Bool = true) throws {
            self.channel = EmbeddedChannel(loop: loop)
            self.answersAtOnce = answersAtOnce
            var answering: AdminConnection.Answering?
            self.connection = AdminConnection(connections: connections) { answering?($0, $1) }
            let pipeline = self.channel.pipeline.syncOperations
            try pipeline.addHandlers([self.gate, BytesArrived()])
            try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false, withErrorHandling: false)
            try pipeline.addHandler(self.connection)
            answering = { [unowned self] request, whenReady in
                let head = request.head
                self.asked.append(head.uri)
                if self.answersAtOnce {
                    whenReady(AdminAnswer(.ok, text: head.uri))
                } else {
                    self.ready.append(whenReady)
                }
            }
            try self.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            self.channel.read()
        }

        func send(_ text: String) throws { try self.channel.writeInbound(ByteBuffer(string: text)) }

        func ask(_ path: String, _ fields: String = "") throws {
            try self.send("GET \(path) HTTP/1.1\r\nhost: x\r\n\(fields)\r\n")
        }

        func answer(_ text: String) {
            self.ready.removeFirst()(AdminAnswer(.ok, text: text))
        }

        /// The bodies that have been handed to the kernel.
        func received() throws -> String {
            var text = ""
            while let part = try self.channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: part) }
            return text
        }

        var isOpen: Bool { self.channel.isActive }
    }

    /// Stands where the kernel is: takes writes, hands them on when it is opened, and counts reads.
    final class Gate: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var isOpen = true { didSet { if self.isOpen { self.handOn() } } }
        private(set) var reads = 0
        private var held: [(NIOAny, EventLoopPromise<Void>?)] = []
        private var context: ChannelHandlerContext?

        func handlerAdded(context: ChannelHandlerContext) { self.context = context }

        func read(context: ChannelHandlerContext) {
            self.reads += 1
            context.read()
        }

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            self.held.append((data, promise))
            if self.isOpen { self.handOn() }
        }

        private func handOn() {
            for (data, promise) in self.held { self.context?.writeAndFlush(data, promise: promise) }
            self.held = []
        }

        func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
            for (_, promise) in self.held { promise?.fail(ChannelError.ioOnClosedChannel) }
            self.held = []
            context.close(mode: mode, promise: promise)
        }
    }

    private let loop = EmbeddedEventLoop()

    private func connections(_ change: (inout AdminLimits) -> Void = { _ in }) -> AdminConnections {
        var limits = AdminLimits()
        limits.requestTimeout = .seconds(5)
        limits.answerTimeout = .seconds(10)
        limits.idleTimeout = .seconds(120)
        change(&limits)
        return AdminConnections(limits: limits, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test("a request is answered, and the connection kept for the next")
    func keepAlive() throws {
        let peer = try Peer(self.connections(), on: self.loop)
        try peer.ask("/a")
        #expect(try peer.received().hasSuffix("\r\n\r\n/a"))
        try peer.ask("/b")
        #expect(try peer.received().hasSuffix("\r\n\r\n/b"))
        #expect(peer.isOpen)
        try peer.ask("/c", "connection: close\r\n")
        let last = try peer.received()
        #expect(last.contains("connection: close\r\n") && last.hasSuffix("/c"))
        #expect(!peer.isOpen)
    }

    @Test("who does not read an answer is not read from, and is asked nothing more")
    func oneAtATime() throws {
        let peer = try Peer(self.connections(), on: self.loop)
        let reads = peer.gate.reads
        peer.gate.isOpen = false
        for path in ["/a", "/b", "/c"] { try peer.ask(path) }
        peer.channel.read()
        #expect(peer.asked == ["/a"])
        #expect(peer.gate.reads == reads)
        #expect(try peer.received() == "")
        peer.gate.isOpen = true
        #expect(peer.asked == ["/a", "/b", "/c"])
        #expect(peer.gate.reads == reads + 1)
        #expect(peer.isOpen)
    }

    @Test("more pipelined requests than one read can bring end the connection")
    func pipelined() throws {
        let peer = try Peer(self.connections { $0.pipelinedRequests = 3 }, on: self.loop)
        peer.gate.isOpen = false
        for _ in 0..<4 { try peer.ask("/a") }
        #expect(peer.isOpen)
        try peer.ask("/a")
        #expect(!peer.isOpen)
    }

    @Test("an answer that is not read in time is given up", arguments: [true, false])
    func answerDeadline(isMade: Bool) throws {
        let peer = try Peer(self.connections(), on: self.loop, answersAtOnce: isMade)
        peer.gate.isOpen = false
        try peer.ask("/a")
        self.loop.advanceTime(by: .seconds(9))
        #expect(peer.isOpen)
        self.loop.advanceTime(by: .seconds(1))
        #expect(!peer.isOpen)
        #expect(peer.connection.unreadBytes == 0)
        // One that is ready afterwards finds nobody.
        if !isMade { peer.answer("late") }
        #expect(try peer.received() == "")
    }

    @Test(
        "a request has its time from the first byte, the first from the beginning",
        arguments: [
            "", "GET /", "GET / HTTP/1.1\r\nhost: x\r\n", "GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n12345",
        ])
    func requestDeadline(beginning: String) throws {
        let peer = try Peer(self.connections(), on: self.loop)
        self.loop.advanceTime(by: .seconds(4))
        if !beginning.isEmpty { try peer.send(beginning) }
        self.loop.advanceTime(by: .seconds(1))
        #expect(!peer.isOpen)

        guard !beginning.isEmpty else { return }
        let second = try Peer(self.connections(), on: self.loop)
        try second.ask("/a")
        self.loop.advanceTime(by: .seconds(100))
        try second.send(beginning)
        for _ in 0..<4 {
            self.loop.advanceTime(by: .seconds(1))
            if !beginning.hasSuffix("5") { try second.send("x") }
            #expect(second.isOpen)
        }
        self.loop.advanceTime(by: .seconds(1))
        #expect(!second.isOpen)
    }

    @Test("a connection that asks nothing more is closed after a while")
    func idle() throws {
        let peer = try Peer(self.connections(), on: self.loop)
        try peer.ask("/a")
        self.loop.advanceTime(by: .seconds(119))
        #expect(peer.isOpen)
        self.loop.advanceTime(by: .seconds(1))
        #expect(!peer.isOpen)
    }

    @Test("the rest of a request that was pipelined by half has a request's time")
    func half() throws {
        let peer = try Peer(self.connections(), on: self.loop, answersAtOnce: false)
        try peer.send("GET /a HTTP/1.1\r\nhost: x\r\n\r\nGET /b HTTP/1.1\r\ncontent-length: 5\r\n\r\n1")
        peer.answer("a")
        self.loop.advanceTime(by: .seconds(5))
        #expect(!peer.isOpen)
    }

    @Test("who closes its side gets what it has asked for")
    func halfClosed() throws {
        let peer = try Peer(self.connections(), on: self.loop, answersAtOnce: false)
        for path in ["/a", "/b"] { try peer.ask(path) }
        peer.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        peer.answer("1")
        peer.answer("2")
        #expect(peer.asked == ["/a", "/b"])
        #expect(try peer.received().hasSuffix("2"))
        #expect(!peer.isOpen)

        let silent = try Peer(self.connections(), on: self.loop)
        silent.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(!silent.isOpen)
    }

    @Test("what is no HTTP is told so; behind a request, the request is answered first")
    func malformed() throws {
        let peer = try Peer(self.connections(), on: self.loop)
        try? peer.send("\u{16}\u{3}\u{1}\r\n\r\n")
        #expect(try peer.received().hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(!peer.isOpen)

        let second = try Peer(self.connections(), on: self.loop, answersAtOnce: false)
        try? second.send("GET /a HTTP/1.1\r\nhost: x\r\n\r\n\u{16}\u{3}\u{1}\r\n\r\n")
        #expect(second.isOpen)
        second.answer("1")
        let text = try second.received()
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n") && text.hasSuffix("1"))
        #expect(!second.isOpen)
    }

    @Test("HEAD gets the head alone")
    func head() throws {
        let peer = try Peer(self.connections(), on: self.loop)
        try peer.send("HEAD /abc HTTP/1.1\r\nhost: x\r\n\r\n")
        let text = try peer.received()
        #expect(text.contains("content-length: 4\r\n") && text.hasSuffix("\r\n\r\n"))
        #expect(peer.isOpen)
    }

    // MARK: Giving way

    @Test("of too many connections the one that has been waited for longest gives way")
    func tooMany() throws {
        let connections = self.connections { $0.connections = 3 }
        var peers: [Peer] = []
        for _ in 0..<3 {
            peers.append(try Peer(connections, on: self.loop))
            self.loop.advanceTime(by: .milliseconds(10))
        }
        // The first has asked last, so that it is the second that has kept silent for longest.
        try peers[0].ask("/a")
        self.loop.advanceTime(by: .milliseconds(10))
        peers.append(try Peer(connections, on: self.loop))
        #expect(peers.map(\.isOpen) == [true, false, true, true])
        try peers[3].ask("/livez")
        #expect(try peers[3].received().hasSuffix("/livez"))
    }

    @Test("one that does not read its answer gives way like one that does not ask")
    func stalled() throws {
        let connections = self.connections { $0.connections = 2 }
        let stalled = try Peer(connections, on: self.loop)
        stalled.gate.isOpen = false
        try stalled.ask("/a")
        self.loop.advanceTime(by: .milliseconds(10))
        let silent = try Peer(connections, on: self.loop)
        self.loop.advanceTime(by: .milliseconds(10))
        let newest = try Peer(connections, on: self.loop)
        #expect([stalled.isOpen, silent.isOpen, newest.isOpen] == [false, true, true])
    }

    @Test("answers that nobody reads hold no more than the limit; the slowest readers give way")
    func unread() throws {
        let connections = self.connections { $0.unreadBytes = 100 }
        var peers: [Peer] = []
        for _ in 0..<5 {
            let peer = try Peer(connections, on: self.loop, answersAtOnce: false)
            peer.gate.isOpen = false
            try peer.ask("/a")
            peer.answer(String(repeating: "x", count: 40))
            peers.append(peer)
            self.loop.advanceTime(by: .milliseconds(10))
            #expect(peers.reduce(0) { $0 + $1.connection.unreadBytes } <= 100)
        }
        #expect(peers.map(\.isOpen) == [false, false, false, true, true])
        // One that is larger than the limit is given to whoever asks, alone.
        let large = try Peer(connections, on: self.loop, answersAtOnce: false)
        try large.ask("/a")
        large.answer(String(repeating: "x", count: 101))
        #expect(try large.received().hasSuffix("x"))
        #expect(peers.map(\.isOpen) == [false, false, false, false, false])
        #expect(large.isOpen)
    }
}
