import NIOCore
import Synchronization

@testable import GatewayStore

/// A store of any engine, asked one step after another at a time that the test says.
struct StoreUnderTest: Sendable {
    let store: any KeyStore
    /// Engines with a clock of their own do not go by the test's.
    var takesTime = true
    /// Where the engine wants to be asked; nil: anywhere.
    var eventLoop: (any EventLoop)?

    static let memory = StoreUnderTest(store: MemoryStore(bytesPerCaller: 1 << 20))

    /// Waits for what comes later.
    private func answer<Value: Sendable>(
        _ ask: @escaping @Sendable (() -> @Sendable (Value) -> Void) -> Value?
    ) async -> Value {
        await withCheckedContinuation { continuation in
            @Sendable func run() {
                if let value = ask({ { continuation.resume(returning: $0) } }) {
                    continuation.resume(returning: value)
                }
            }
            if let eventLoop = self.eventLoop { eventLoop.execute(run) } else { run() }
        }
    }

    func claim(_ claim: KeyClaim, at seconds: Double = 0) async -> ClaimResult {
        await self.answer { self.store.claim(claim, at: .seconds(seconds), reply: $0) }
    }

    func advance(_ claim: KeyClaim, _ target: String = "a", at seconds: Double = 0) async -> WriteResult {
        await self.answer {
            self.store.advance(claim.name, owner: claim.owner, target: target, at: .seconds(seconds), reply: $0)
        }
    }

    func settle(
        _ claim: KeyClaim, _ outcome: TargetOutcome, of target: String = "a", isLast: Bool = true,
        at seconds: Double = 0
    ) async -> WriteResult {
        await self.answer {
            self.store.settle(
                claim.name, owner: claim.owner, target: target, outcome, isLast: isLast, at: .seconds(seconds),
                reply: $0)
        }
    }

    func lookUp(_ name: RecordName, at seconds: Double = 0) async -> LookUpResult {
        await self.answer { self.store.lookUp(name, at: .seconds(seconds), reply: $0) }
    }
}

extension StoreTime {
    static func seconds(_ seconds: Double) -> StoreTime {
        let milliseconds = Int(seconds * 1000)
        return StoreTime(
            monotonicMilliseconds: 1_000_000 + milliseconds, epochMilliseconds: 1_700_000_000_000 + milliseconds)
    }
}

extension KeyClaim {
    private static let counter = Mutex<UInt64>(0)

    /// A claim by a new owner.
    static func by(
        _ requestID: String, key: UInt64 = 1, body: UInt64 = 1, scope: String = "shop", targets: [String] = ["a"],
        lease: Double = 25, retention: Double = 86_400, startsSending: Bool = false
    ) -> KeyClaim {
        let owner = self.counter.withLock { counter in
            counter += 1
            return counter
        }
        var hints = Fingerprint.Hints()
        for part in Fingerprint.Part.allCases { hints[part] = UInt32(part.rawValue + 1) }
        hints[.body] = UInt32(truncatingIfNeeded: body)
        return KeyClaim(
            name: RecordName(scope: scope, digest: Digest256(key, 0, 0, UInt64(scope.utf8.count))),
            fingerprint: Fingerprint(digest: Digest256(body, 0, 0, 0), hints: hints),
            requestID: requestID, owner: owner &* 0x9E37_79B9_7F4A_7C15, leaseMilliseconds: Int(lease * 1000),
            retentionMilliseconds: Int(retention * 1000), targets: targets, startsSending: startsSending)
    }
}
