import GatewayConfiguration
import GatewayProxy
import Logging
import Synchronization

/// Reads everything again and puts it in force, or says why not and leaves the old one.
///
/// Reading may hang, so its tasks belong on a `FileReadingExecutor`.
final class Reloading: Sendable {
    private let gateway: Gateway
    private let loader: GatewayLoader
    private let watch: FileWatch
    private let logger: Logger
    private let loaded: Mutex<GatewayLoader.Loaded>

    /// - Parameter loaded: what the gateway was started with.
    init(
        gateway: Gateway, loader: GatewayLoader, loaded: GatewayLoader.Loaded, watch: FileWatch, logger: Logger
    ) {
        self.gateway = gateway
        self.loader = loader
        self.watch = watch
        self.logger = logger
        self.loaded = Mutex(loaded)
    }

    /// The configuration in force. Never waits, not even for a reload that hangs.
    var configuration: Configuration { self.loaded.withLock { $0.configuration } }

    /// Changes nothing any more once the task is cancelled.
    func reload(_ cause: ReloadCause) async {
        let inForce = self.loaded.withLock { $0 }
        let result = self.loader.load(inForce: inForce)
        guard !Task.isCancelled else { return }
        let current = inForce.configuration
        // Also of a configuration that is refused: when its files change again, it is tried again.
        let interval = (result.loaded?.configuration ?? current).watchInterval
        await self.watch.follow(result.files, every: interval)
        var metadata: Logger.Metadata = ["cause": cause.isAsked ? "SIGHUP" : "files"]
        if !cause.files.isEmpty { metadata["files"] = "\(cause.files.joined(separator: ", "))" }
        for diagnostic in result.diagnostics {
            self.logger.log(
                level: diagnostic.severity == .error ? .error : .warning, "configuration",
                metadata: ["diagnostic": "\(diagnostic)"])
        }
        guard let loaded = result.loaded else {
            self.refuse(
                result.diagnostics.filter { $0.severity == .error }.map(\.description), metadata: metadata)
            return
        }
        do {
            try await self.gateway.reload(
                loaded.configuration, targets: loaded.targets, listener: loaded.listener, store: loaded.store,
                callers: loaded.callers)
        } catch {
            guard !Task.isCancelled else { return }
            metadata["reason"] = "\(error)"
            self.refuse(["\(error)"], metadata: metadata)
            return
        }
        self.loaded.withLock { $0 = loaded }
        let changes = current.changes(to: loaded.configuration)
        for change in changes where change.needsRestart {
            self.logger.warning("takes effect only after a restart", metadata: ["key": "\(change.path)"])
        }
        metadata["changes"] = "\(changes.map(\.path).joined(separator: ", "))"
        self.logger.info("reloaded", metadata: metadata)
    }

    private func refuse(_ reasons: [String], metadata: Logger.Metadata) {
        self.gateway.reloadRefused(reasons: reasons)
        self.logger.error("reload refused; the configuration in force stays", metadata: metadata)
    }
}
