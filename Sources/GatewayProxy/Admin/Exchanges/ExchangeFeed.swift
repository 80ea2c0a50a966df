import NIOCore

/// Brings the exchanges of all workers to those who watch. Does nothing, and workers do nothing for it, while nobody
/// does.
///
/// Confined to the admin listener's event loop.
final class ExchangeFeed {
    private let watch: ExchangeWatch
    private let eventLoop: any EventLoop
    private var streams: [ObjectIdentifier: ExchangeStream] = [:]
    private var looking: RepeatedTask?

    /// Each looks at every exchange: as many people as look into one incident.
    static let streamsMax = 16
    /// Soon enough for a person, and one look for many exchanges.
    private static let interval = TimeAmount.milliseconds(100)

    init(watch: ExchangeWatch, eventLoop: any EventLoop) {
        self.watch = watch
        self.eventLoop = eventLoop
    }

    /// A stream with that filter; nil where too many watch already.
    func stream(_ filter: ExchangeFilter) -> ExchangeStream? {
        self.streams.count < Self.streamsMax ? ExchangeStream(filter, of: self) : nil
    }

    func add(_ stream: ExchangeStream) {
        self.streams[ObjectIdentifier(stream)] = stream
        guard self.looking == nil else { return }
        self.watch.open()
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.looking = self.eventLoop.scheduleRepeatedTask(initialDelay: Self.interval, delay: Self.interval) { _ in
            bound.value.look()
        }
    }

    func remove(_ stream: ExchangeStream) {
        self.streams.removeValue(forKey: ObjectIdentifier(stream))
        guard self.streams.isEmpty else { return }
        self.looking?.cancel()
        self.looking = nil
        self.watch.close()
    }

    private func look() {
        let (exchanges, leftOut) = self.watch.take()
        let now = self.eventLoop.now
        for stream in Array(self.streams.values) { stream.take(exchanges, leftOut: leftOut, now: now) }
    }
}
