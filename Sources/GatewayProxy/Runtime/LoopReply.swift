import NIOCore

/// Carries one reply back to the event loop of whoever asked.
///
/// Made on that event loop; may be sent from any thread, where it only puts the reply on the event loop. One that is
/// never sent is never told: whoever waits has a deadline.
struct LoopReply<Value: Sendable>: Sendable {
    private let eventLoop: any EventLoop
    private let take: NIOLoopBound<(Value) -> Void>

    /// - Parameters:
    ///   - eventLoop: the one that this is called on.
    ///   - take: told the reply, on the event loop and never within `send`.
    init(to eventLoop: any EventLoop, take: @escaping (Value) -> Void) {
        self.eventLoop = eventLoop
        self.take = NIOLoopBound(take, eventLoop: eventLoop)
    }

    func send(_ value: Value) {
        self.eventLoop.execute { self.take.value(value) }
    }
}
