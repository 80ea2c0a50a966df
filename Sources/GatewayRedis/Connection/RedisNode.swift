import GatewayTLS
import NIOCore
import NIOPosix

/// One server, and the connection to it: made when it is first needed, made anew after a pause that grows when it
/// breaks. Commands wait for the first connection, and fail at once while a broken one is not made anew.
///
/// Confined to its event loop.
final class RedisNode {
    private enum State {
        case idle
        case connecting
        case ready(RedisConnection)
        /// Left alone until then.
        case pausing(until: NIODeadline, RedisFailure)
        case closed
    }

    let address: RedisAddress
    private let settings: RedisSettings
    private let eventLoop: any EventLoop
    private let scratch: TLSScratchBuffer
    private var state = State.idle
    /// Commands that wait for the first connection, in their order.
    private var waiting: [(command: RedisCommand, take: RedisConnection.Take)] = []
    private var failuresInARow = 0
    /// Told of a failure that begins, and with nil when the server serves.
    private let report: (RedisFailure?) -> Void
    /// Run with each new connection, before any command.
    private let greeting: [RedisCommand]

    /// Some milliseconds' worth of a busy worker. Whoever asked has a deadline of its own, much sooner than ours.
    private static let waitingMax = 1_000
    private static let connectTimeout = TimeAmount.seconds(2)
    /// A TLS handshake and a login.
    private static let greetingTimeout = TimeAmount.seconds(5)
    /// After a failure; twice as long after each further one, up to the longest.
    private static let pause = TimeAmount.milliseconds(100)
    private static let pauseDoublingsMax = 5

    init(
        address: RedisAddress, settings: RedisSettings, eventLoop: any EventLoop, scratch: TLSScratchBuffer,
        report: @escaping (RedisFailure?) -> Void
    ) {
        self.address = address
        self.settings = settings
        self.eventLoop = eventLoop
        self.scratch = scratch
        self.report = report
        self.greeting = Self.greeting(settings)
    }

    /// Logs in and chooses the database.
    private static func greeting(_ settings: RedisSettings) -> [RedisCommand] {
        var commands: [RedisCommand] = []
        if let password = settings.password {
            var command = RedisCommand("AUTH")
            if let user = settings.user { command.append(user.utf8) }
            command.append(password)
            commands.append(command)
        }
        if settings.database != 0 { commands.append(RedisCommand("SELECT", "\(settings.database)")) }
        commands.append(RedisCommand("PING"))
        return commands
    }

    /// Why commands fail at once; nil where they do not.
    var failure: RedisFailure? {
        switch self.state {
        case .ready: nil
        case .idle, .connecting: RedisFailure(reason: "it is being connected to", wasSent: false)
        case .pausing(_, let failure): RedisFailure(reason: failure.reason, wasSent: false)
        case .closed: RedisFailure(reason: "the gateway is stopping", wasSent: false)
        }
    }

    func send(_ command: RedisCommand, take: @escaping RedisConnection.Take) {
        if case .ready(let connection) = self.state, connection.send(command, take: take) { return }
        self.connectIfIdle()
        if case .connecting = self.state, self.failuresInARow == 0, self.waiting.count < Self.waitingMax {
            self.waiting.append((command, take))
            return
        }
        take(.failure(self.failure ?? RedisFailure(reason: "too many commands wait for it", wasSent: false)))
    }

    /// Makes a connection, where there is none and none is under way.
    func connectIfIdle() {
        guard case .idle = self.state else { return }
        self.state = .connecting
        let bootstrap = ClientBootstrap(group: self.eventLoop)
            .connectTimeout(Self.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.autoRead, value: false)
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        bootstrap.connect(host: self.address.host, port: self.address.port).hop(to: self.eventLoop).whenComplete {
            switch $0 {
            case .success(let channel): bound.value.connected(channel)
            case .failure(let error): bound.value.broke(RedisFailure(reason: "no connection: \(error)"))
            }
        }
    }

    private func connected(_ channel: any Channel) {
        guard case .connecting = self.state else {
            channel.close(promise: nil)
            return
        }
        do {
            let connection = try RedisConnection { [weak self] failure in self?.broke(failure) }
            let pipeline = channel.pipeline.syncOperations
            if let tls = self.settings.tls {
                let secured = try TLSConnection(
                    context: tls, serverName: self.address.host, sessions: TLSSessions())
                try pipeline.addHandler(TLSHandler(connection: secured, scratch: self.scratch))
                try pipeline.addHandler(
                    HandshakeWait { [weak self] in self?.greet(connection) })
            }
            try pipeline.addHandler(connection)
            try channel.syncOptions?.setOption(.autoRead, value: true)
            if self.settings.tls == nil { self.greet(connection) }
            let bound = NIOLoopBound((self, connection), eventLoop: self.eventLoop)
            self.eventLoop.scheduleTask(in: Self.greetingTimeout) {
                let (node, connection) = bound.value
                guard case .connecting = node.state else { return }
                connection.close(because: "its greeting took too long")
            }
        } catch {
            channel.close(promise: nil)
            self.broke(RedisFailure(reason: "\(error)"))
        }
    }

    private func greet(_ connection: RedisConnection) {
        for (position, command) in self.greeting.enumerated() {
            let isLast = position == self.greeting.count - 1
            _ = connection.send(command) { [weak self] result in
                switch result {
                case .success(.error(let text)):
                    connection.close(because: "it refuses the gateway: \(text)")
                case .success where isLast:
                    self?.ready(connection)
                case .success, .failure:
                    break
                }
            }
        }
    }

    private func ready(_ connection: RedisConnection) {
        guard case .connecting = self.state else { return }
        self.state = .ready(connection)
        self.failuresInARow = 0
        self.report(nil)
        let waiting = self.waiting
        self.waiting = []
        for (command, take) in waiting where !connection.send(command, take: take) {
            take(.failure(RedisFailure(reason: "the connection was closed", wasSent: false)))
        }
    }

    private func failWaiting(_ reason: String) {
        let waiting = self.waiting
        self.waiting = []
        for (_, take) in waiting { take(.failure(RedisFailure(reason: reason, wasSent: false))) }
    }

    /// The last try to connect has failed, and the next one is yet to come.
    var isAway: Bool { if case .pausing = self.state { true } else { false } }

    private func broke(_ failure: RedisFailure) {
        if case .closed = self.state { return }
        if case .pausing = self.state { return }
        let doublings = min(self.failuresInARow, Self.pauseDoublingsMax)
        self.failuresInARow += 1
        // At random within the second half, so that instances that lost it together do not come back together.
        let longest = Self.pause.nanoseconds << Int64(doublings)
        let pause = TimeAmount.nanoseconds(Int64.random(in: longest / 2...longest))
        self.state = .pausing(until: .now() + pause, failure)
        self.failWaiting(failure.reason)
        self.report(failure)
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.scheduleTask(in: pause) {
            guard case .pausing = bound.value.state else { return }
            bound.value.state = .idle
            bound.value.connectIfIdle()
        }
    }

    /// The server is not what it should be any more, a replica for instance: another connection may lead elsewhere.
    func reconnect(because reason: String) {
        if case .ready(let connection) = self.state { connection.close(because: reason) }
    }

    func close() {
        let state = self.state
        self.state = .closed
        if case .ready(let connection) = state { connection.close(because: "the gateway is stopping") }
        self.failWaiting("the gateway is stopping")
    }
}

/// Tells when TLS is there; what comes before goes on as it is.
private final class HandshakeWait: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let completed: () -> Void

    init(completed: @escaping () -> Void) {
        self.completed = completed
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSHandlerEvent, case .handshakeCompleted = event { self.completed() }
        context.fireUserInboundEventTriggered(event)
    }
}
