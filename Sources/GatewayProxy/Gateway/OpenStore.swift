import GatewayRedis
import GatewayStore
import Logging
import NIOCore
import Synchronization

/// The store of idempotency keys while the gateway runs: one for all event loops, or one for each, as the engine needs.
final class OpenStore: Sendable {
    private enum Kind: Sendable {
        case shared(any KeyStore)
        case forEachLoop(RedisSettings, bytesPerCaller: Int)
    }

    private let kind: Kind
    private let logger: Logger
    private let stores = Mutex<[any KeyStore]>([])

    init(_ configured: ConfiguredStore, logger: Logger) {
        self.logger = logger
        switch configured.engine {
        case .file(let path):
            logger.info("idempotency keys", metadata: ["store": "file", "path": "\(path)"])
            self.kind = .shared(
                FileStore(path: path, bytesPerCaller: configured.bytesPerCaller) {
                    Self.report("its file", $0, to: logger)
                })
        case .redis(let settings):
            logger.info(
                "idempotency keys",
                metadata: ["store": "redis", "server": "\(settings.host):\(settings.port)"])
            self.kind = .forEachLoop(settings, bytesPerCaller: configured.bytesPerCaller)
        case .memory, nil:
            logger.info("idempotency keys", metadata: ["store": "memory", "survivesRestart": "false"])
            self.kind = .shared(MemoryStore(bytesPerCaller: configured.bytesPerCaller))
        }
    }

    /// The store that an event loop asks. To be called on it.
    func store(on eventLoop: any EventLoop) -> any KeyStore {
        switch self.kind {
        case .shared(let store):
            self.stores.withLock { if $0.isEmpty { $0.append(store) } }
            return store
        case .forEachLoop(let settings, let bytesPerCaller):
            let logger = self.logger
            let isFirst = self.stores.withLock { $0.isEmpty }
            let store = RedisStore(
                settings: settings, bytesPerCaller: bytesPerCaller, eventLoop: eventLoop
            ) { server, failure in
                Self.report(server, failure, to: logger)
            } warn: { text in
                // All event loops speak to the same server: once is enough.
                if isFirst { logger.warning("the store of idempotency keys", metadata: ["reason": "\(text)"]) }
            }
            self.stores.withLock { $0.append(store) }
            return store
        }
    }

    /// Keeps limits together with other instances, on an event loop and to be called there; nil where the engine knows
    /// one instance only.
    func sharing(
        counts: SharingCounts, instances: Int, on eventLoop: any EventLoop
    ) -> NIOLoopBound<LimitSharing>? {
        guard case .forEachLoop(let settings, _) = self.kind else { return nil }
        let logger = self.logger
        let sharing = LimitSharing(
            store: RedisLimits(settings: settings, eventLoop: eventLoop), counts: counts
        ) { failure in
            let server = "\(settings.host):\(settings.port)"
            guard let failure else {
                logger.info("limits are shared with other instances", metadata: ["server": "\(server)"])
                return
            }
            logger.error(
                "limits cannot be shared: this instance lets in its part of each",
                metadata: [
                    "server": "\(server)", "instances": .stringConvertible(instances), "reason": "\(failure)",
                ])
        }
        sharing.start(on: eventLoop)
        return NIOLoopBound(sharing, eventLoop: eventLoop)
    }

    private static func report(_ what: String, _ failure: StoreFailure?, to logger: Logger) {
        guard let failure else {
            logger.info("the store of idempotency keys serves", metadata: ["server": "\(what)"])
            return
        }
        logger.error(
            "the store of idempotency keys fails: requests with a key are refused",
            metadata: ["server": "\(what)", "reason": "\(failure)"])
    }

    /// Why it cannot be used, by at least one event loop; nil where it can.
    var failure: StoreFailure? { self.stores.withLock { $0 }.lazy.compactMap(\.failure).first }

    /// Writes what was accepted and ends. May block for as long as that takes.
    func close() {
        for store in self.stores.withLock({ $0 }) { store.close() }
    }
}
