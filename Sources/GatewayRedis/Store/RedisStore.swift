package import GatewayStore
package import NIOCore
import Synchronization

/// Keeps records at a Redis or Valkey server, or a cluster of them: several gateways share them.
///
/// One for each event loop that asks, with connections of its own. Called on that event loop; `failure` on any thread.
package final class RedisStore: KeyStore {
    private let eventLoop: any EventLoop
    private let bound: NIOLoopBound<RedisRecords>
    private let currentFailure: FailureBox

    /// Why commands fail at present, for other threads.
    private final class FailureBox: Sendable {
        let value = Mutex<StoreFailure?>(.unavailable(reason: "it is being connected to"))
    }

    /// To be called on the event loop.
    ///
    /// - Parameters:
    ///   - bytesPerCaller: what one caller's records may take. All event loops of all gateways report what they add, so
    ///     that together they stay within it but for what is not reported yet: each a 128th of it at most.
    ///   - report: told, on the event loop, of a failure that begins, and with nil when it is over.
    ///   - serves: told once, on the event loop, when the configured server serves for the first time.
    ///   - warn: told, on the event loop, what in the server's settings does not go with keeping records; nil where
    ///     nobody wants to know.
    package init(
        settings: RedisSettings, bytesPerCaller: Int, eventLoop: any EventLoop,
        report: @escaping (_ server: String, StoreFailure?) -> Void, serves: @escaping () -> Void = {},
        warn: ((String) -> Void)? = nil
    ) {
        let box = FailureBox()
        var isFailing: Set<RedisAddress> = []
        let client = RedisClient(settings: settings, eventLoop: eventLoop) { client, address, failure in
            let told = failure.map { StoreFailure.unavailable(reason: $0.reason) }
            let current = client.failure.map { StoreFailure.unavailable(reason: $0.reason) }
            box.value.withLock { $0 = current }
            // Again and again would fill the log.
            let isNews = told == nil ? isFailing.remove(address) != nil : isFailing.insert(address).inserted
            if isNews { report("\(address.host):\(address.port)", told) }
        }
        self.eventLoop = eventLoop
        self.currentFailure = box
        let records = RedisRecords(client: client, prefix: settings.prefix, bytesPerCaller: bytesPerCaller)
        self.bound = NIOLoopBound(records, eventLoop: eventLoop)
        client.whenReady = { [weak client] in
            if let client, let warn { RedisInspection.run(client, warn: warn) }
            serves()
        }
        client.start()
    }

    package var failure: StoreFailure? { self.currentFailure.value.withLock { $0 } }

    package func close() {
        let bound = self.bound
        self.eventLoop.execute { bound.value.client.close() }
    }

    // MARK: Steps

    package func claim(
        _ claim: KeyClaim, at time: StoreTime, reply: () -> @Sendable (ClaimResult) -> Void
    ) -> ClaimResult? {
        self.bound.value.claim(claim, at: time.monotonicMilliseconds, reply: reply())
        return nil
    }

    package func advance(
        _ name: RecordName, owner: UInt64, target: String, at _: StoreTime,
        reply: () -> @Sendable (WriteResult) -> Void
    ) -> WriteResult? {
        self.bound.value.advance(name, owner: owner, target: target, reply: reply())
        return nil
    }

    package func settle(
        _ name: RecordName, owner: UInt64, target: String, _ outcome: TargetOutcome, isLast: Bool, at time: StoreTime,
        reply: () -> @Sendable (WriteResult) -> Void
    ) -> WriteResult? {
        self.bound.value.settle(
            name, owner: owner, target: target, outcome, isLast: isLast, at: time.monotonicMilliseconds,
            reply: reply())
        return nil
    }

    package func lookUp(
        _ name: RecordName, at _: StoreTime, reply: () -> @Sendable (LookUpResult) -> Void
    ) -> LookUpResult? {
        self.bound.value.lookUp(name, reply: reply())
        return nil
    }

    static let nonsense = StoreFailure.unavailable(reason: "its reply is none of our scripts'")
}
