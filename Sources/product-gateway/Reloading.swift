import GatewayConfiguration
import GatewayProxy
import Logging

/// Reads everything again and puts it in force, or says why not and leaves the old one.
struct Reloading {
    let gateway: Gateway
    let loader: GatewayLoader
    let watch: FileWatch
    let logger: Logger

    /// - Parameter changed: the files that have changed; empty where somebody has asked for it (SIGHUP).
    /// - Returns: what is in force afterwards.
    func reload(
        _ current: GatewayLoader.Loaded, changed: [String]
    ) async -> GatewayLoader.Loaded {
        let result = self.loader.load(inForce: current)
        // Also of a configuration that is refused: when its files change again, it is tried again.
        let interval = (result.loaded ?? current).configuration.watchInterval
        await self.watch.follow(result.files, every: interval)
        var cause: Logger.Metadata = ["cause": changed.isEmpty ? "SIGHUP" : "files"]
        if !changed.isEmpty { cause["files"] = "\(changed.joined(separator: ", "))" }
        for diagnostic in result.diagnostics {
            self.logger.log(
                level: diagnostic.severity == .error ? .error : .warning, "configuration",
                metadata: ["diagnostic": "\(diagnostic)"])
        }
        guard let loaded = result.loaded else {
            self.gateway.reloadRefused(
                reasons: result.diagnostics.filter { $0.severity == .error }.map(\.description))
            self.logger.error("reload refused; the configuration in force stays", metadata: cause)
            return current
        }
        do {
            try await self.gateway.reload(
                loaded.configuration, targets: loaded.targets, listener: loaded.listener)
        } catch {
            self.gateway.reloadRefused(reasons: ["\(error)"])
            cause["reason"] = "\(error)"
            self.logger.error("reload refused; the configuration in force stays", metadata: cause)
            return current
        }
        let changes = current.configuration.changes(to: loaded.configuration)
        for change in changes where change.needsRestart {
            self.logger.warning("takes effect only after a restart", metadata: ["key": "\(change.path)"])
        }
        cause["changes"] = "\(changes.map(\.path).joined(separator: ", "))"
        self.logger.info("reloaded", metadata: cause)
        return loaded
    }
}
