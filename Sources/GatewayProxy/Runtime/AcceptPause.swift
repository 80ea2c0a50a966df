import Glibc
import Logging
import NIOCore

/// Stops a listening socket from accepting for a moment when the system has nothing left to accept with, or what is
/// left is kept for others.
///
/// Without file descriptors or memory `accept` fails and the connection stays in the kernel's queue, so that the event
/// loop would be told of it again at once, for ever. Whoever waits there is served when something has been closed. One
/// line of the log tells that it begins, one that it is over. Confined to the listener's event loop.
final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let whose: String
    private let logger: Logger
    private let onPause: () -> Void
    private let hasRoom: () -> Bool
    private let quietTime: TimeAmount
    private var isPausing = false
    /// The last failure; `nil` when it has been said that all is well again.
    private var failedAt: NIODeadline?

    /// Short enough that nobody who waits notices, long enough to cost nothing.
    private static let pause = TimeAmount.milliseconds(100)
    private static let exhaustions: Set<CInt> = [EMFILE, ENFILE, ENOBUFS, ENOMEM]

    /// - Parameters:
    ///   - whose: whom the listener is for, for the log.
    ///   - quietTime: how long accepting must work until it is called well again: where descriptors are scarce one
    ///     comes free now and then, and the log is not told each time.
    ///   - hasRoom: whether one more may be accepted; asked after each.
    ///   - onPause: called with each pause.
    init(
        whose: String, logger: Logger, quietTime: TimeAmount = .seconds(10),
        hasRoom: @escaping () -> Bool = { true }, onPause: @escaping () -> Void = {}
    ) {
        self.whose = whose
        self.logger = logger
        self.quietTime = quietTime
        self.onPause = onPause
        self.hasRoom = hasRoom
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if let failedAt = self.failedAt, NIODeadline.now() - failedAt >= self.quietTime {
            self.failedAt = nil
            self.logger.notice("connections are accepted again", metadata: ["for": "\(self.whose)"])
        }
        context.fireChannelRead(data)
        self.pauseIfFull(context.channel)
    }

    private func pauseIfFull(_ channel: any Channel) {
        if !self.hasRoom() { self.pause(channel, because: "the file descriptors that are left are kept for vendors") }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let failure = error as? IOError, Self.exhaustions.contains(failure.errnoCode) else {
            context.fireErrorCaught(error)
            return
        }
        self.pause(context.channel, because: "\(failure)")
    }

    private func pause(_ channel: any Channel, because reason: String) {
        guard !self.isPausing else { return }
        self.isPausing = true
        self.onPause()
        if self.failedAt == nil {
            self.logger.error(
                "no connection can be accepted", metadata: ["for": "\(self.whose)", "error": "\(reason)"])
        }
        self.failedAt = .now()
        // To hold back reads is not enough: NIO would go on asking for the event that cannot be served.
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        let bound = NIOLoopBound((handler: self, channel: channel), eventLoop: channel.eventLoop)
        channel.eventLoop.scheduleTask(in: Self.pause) { bound.value.handler.resume(bound.value.channel) }
    }

    private func resume(_ channel: any Channel) {
        self.isPausing = false
        self.pauseIfFull(channel)
        guard !self.isPausing else { return }
        try? channel.syncOptions?.setOption(.autoRead, value: true)
    }
}
