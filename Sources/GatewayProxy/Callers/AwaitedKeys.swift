import GatewayIdentity

/// One request that waits for its issuer's keys, for a second at most. Its deadline is that second. Confined to its
/// event loop.
final class AwaitedKeys: Deadline {
    private let environment: IdentificationEnvironment
    private var completion: CallerIdentification.Completion?
    private let decide: (KeySetSource.Told) -> CallerIdentification.Finding
    private var reply: LoopReply<KeySetSource.Told>?
    private var lastKnown: KeySet?

    /// Longer than a key set takes, shorter than a caller's patience.
    private static let nanosecondsMax: UInt64 = 1_000_000_000

    /// - Parameter decide: says what becomes of the request by the keys that are there.
    init(
        environment: IdentificationEnvironment, completion: @escaping CallerIdentification.Completion,
        decide: @escaping (KeySetSource.Told) -> CallerIdentification.Finding
    ) {
        self.environment = environment
        self.completion = completion
        self.decide = decide
        super.init()
        self.reply = LoopReply(to: environment.eventLoop) { self.finish($0) }
    }

    /// What tells it that the keys have come, or have not; from any thread.
    var waiter: KeySetSource.Waiter {
        { [reply] told in reply?.send(told) }
    }

    func start(source: KeySetSource) {
        self.lastKnown = source.current
        self.environment.deadlines.schedule(self, in: Self.nanosecondsMax)
    }

    override func deadlineReached() {
        self.finish(KeySetSource.Told(keys: self.lastKnown, isFresh: false))
    }

    private func finish(_ told: KeySetSource.Told) {
        guard let completion = self.completion else { return }
        self.completion = nil
        self.reply = nil
        self.environment.deadlines.cancel(self)
        completion(self.decide(told))
    }
}
