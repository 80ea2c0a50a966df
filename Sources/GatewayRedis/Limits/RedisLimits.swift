package import GatewayStore
package import NIOCore

/// Keeps limits at a Redis or Valkey server, or a cluster of them: one key for each limit and each target.
///
/// Confined to its event loop, with a connection of its own.
package final class RedisLimits: LimitStore {
    private let client: RedisClient

    private static let limits = "product-gateway:limit:"
    private static let pauses = "product-gateway:pause:"

    /// To be called on the event loop.
    package init(settings: RedisSettings, eventLoop: any EventLoop) {
        // Whoever asks is told of failures, and has them reported.
        self.client = RedisClient(settings: settings, eventLoop: eventLoop) { _, _, _ in }
        self.client.start()
    }

    package func close() {
        self.client.close()
    }

    package func report(_ report: LimitReport, reply: @escaping (Result<LimitLevel, StoreFailure>) -> Void) {
        let arguments = [report.addedMicroseconds, report.knownMicroseconds, report.mostMicroseconds]
        self.client.run(
            .reportLimit, about: Array("\(Self.limits)\(report.name)".utf8), arguments.map { Array("\($0)".utf8) }
        ) { result in
            reply(
                result.flatMap { value in
                    guard let ahead = value.integer, ahead >= 0 else { return .failure(RedisStore.nonsense) }
                    return .success(LimitLevel(aheadMicroseconds: ahead))
                })
        }
    }

    package func pause(
        of target: String, _ pause: SharedPause?, reply: @escaping (Result<SharedPause?, StoreFailure>) -> Void
    ) {
        self.client.run(
            .pause, about: Array("\(Self.pauses)\(target)".utf8),
            [Array("\(pause?.milliseconds ?? 0)".utf8), Array("\(pause?.reason ?? 0)".utf8)]
        ) { result in
            reply(
                result.flatMap { value in
                    guard let parts = value.elements, parts.count == 2, let left = parts[0].integer,
                        let reason = parts[1].integer.flatMap({ UInt64(exactly: $0) })
                    else { return .failure(RedisStore.nonsense) }
                    return .success(left > 0 ? SharedPause(milliseconds: left, reason: reason) : nil)
                })
        }
    }
}
