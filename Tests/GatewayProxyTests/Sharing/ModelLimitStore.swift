@testable import GatewayProxy
@testable import GatewayStore

/// What a store does about limits, in a simulated time, for all instances of a test. A reply comes after `latency`.
final class ModelLimitStore {
    var now: UInt64 = 0
    var latency: UInt64 = 0
    var isGone = false
    private var moments: [String: Int] = [:]
    private var pauses: [String: (until: Int, reason: UInt64)] = [:]
    private var replies: [(at: UInt64, send: () -> Void)] = []

    /// Of one instance.
    final class Connection: LimitStore {
        private let store: ModelLimitStore
        init(_ store: ModelLimitStore) { self.store = store }

        func report(_ report: LimitReport, reply: @escaping (Result<LimitLevel, StoreFailure>) -> Void) {
            guard !self.store.isGone else { return reply(.failure(.unavailable(reason: "gone"))) }
            let level = LimitLevel(aheadMicroseconds: self.store.take(report))
            self.store.later { reply(.success(level)) }
        }

        func pause(
            of target: String, _ pause: SharedPause?, reply: @escaping (Result<SharedPause?, StoreFailure>) -> Void
        ) {
            guard !self.store.isGone else { return reply(.failure(.unavailable(reason: "gone"))) }
            let known = self.store.take(target, pause)
            self.store.later { reply(.success(known)) }
        }

        func close() {}
    }

    private func later(_ send: @escaping () -> Void) { self.replies.append((self.now + self.latency, send)) }

    private func take(_ report: LimitReport) -> Int {
        let now = Int(self.now / 1_000)
        let moment = max(self.moments[report.name] ?? 0, now, now + report.knownMicroseconds)
        let next = min(moment + report.addedMicroseconds, now + report.mostMicroseconds)
        self.moments[report.name] = next
        return max(0, next - now)
    }

    private func take(_ target: String, _ pause: SharedPause?) -> SharedPause? {
        let now = Int(self.now / 1_000_000)
        if let pause, now + pause.milliseconds > self.pauses[target]?.until ?? 0 {
            self.pauses[target] = (now + pause.milliseconds, pause.reason)
        }
        guard let known = self.pauses[target], known.until > now else { return nil }
        return SharedPause(milliseconds: known.until - now, reason: known.reason)
    }

    /// Forgets everything, as a server that was restarted.
    func forget() { self.moments = [:] }

    /// Tells what is due.
    func deliver() {
        let due = self.replies.filter { $0.at <= self.now }
        self.replies.removeAll { $0.at <= self.now }
        for reply in due { reply.send() }
    }
}
