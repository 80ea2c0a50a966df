package import GatewayStore
package import NIOCore
import Synchronization

/// Keeps records at a Redis or Valkey server, or a cluster of them: several gateways share them.
///
/// One for each event loop that asks, with connections of its own. Called on that event loop; `failure` on any thread.
package final class RedisStore: KeyStore {
    private let eventLoop: any EventLoop
    private let bound: NIOLoopBound<RedisClient>
    private let prefix: String
    private let currentFailure: FailureBox

    /// Why commands fail at present, for other threads.
    private final class FailureBox: Sendable {
        let value = Mutex<StoreFailure?>(.unavailable(reason: "it is being connected to"))
    }

    /// To be called on the event loop.
    ///
    /// - Parameters:
    ///   - report: told, on the event loop, of a failure that begins, and with nil when it is over.
    ///   - serves: told once, on the event loop, when the server serves for the first time.
    ///   - warn: told, on the event loop, what in the server's settings does not go with keeping records; nil where
    ///     nobody wants to know.
    package init(
        settings: RedisSettings, eventLoop: any EventLoop,
        report: @escaping (_ server: String, StoreFailure?) -> Void, serves: @escaping () -> Void = {},
        warn: ((String) -> Void)? = nil
    ) {
        let box = FailureBox()
        var isFailing: Set<RedisAddress> = []
        let first = RedisAddress(host: settings.host, port: settings.port)
        let client = RedisClient(settings: settings, eventLoop: eventLoop) { address, failure in
            let told = failure.map { StoreFailure.unavailable(reason: $0.reason) }
            if address == first { box.value.withLock { $0 = told } }
            // Again and again would fill the log.
            let isNews = told == nil ? isFailing.remove(address) != nil : isFailing.insert(address).inserted
            if isNews { report("\(address.host):\(address.port)", told) }
        }
        self.eventLoop = eventLoop
        self.prefix = settings.prefix
        self.currentFailure = box
        self.bound = NIOLoopBound(client, eventLoop: eventLoop)
        client.whenReady = { [weak client] in
            if let client, let warn { RedisInspection.run(client, warn: warn) }
            serves()
        }
        client.start()
    }

    package var failure: StoreFailure? { self.currentFailure.value.withLock { $0 } }

    package func close() {
        let bound = self.bound
        self.eventLoop.execute { bound.value.close() }
    }

    // MARK: Steps

    package func claim(
        _ claim: KeyClaim, at _: StoreTime, reply: () -> @Sendable (ClaimResult) -> Void
    ) -> ClaimResult? {
        let reply = reply()
        var arguments = [
            claim.fingerprint.bytes, Array(claim.requestID.utf8), Self.text(claim.owner),
            Self.text(claim.leaseMilliseconds), Self.text(claim.retentionMilliseconds),
            Self.text((claim.startsSending ? TargetStage.sending : .claimed).rawValue),
        ]
        for target in claim.targets { arguments.append(Array(target.utf8)) }
        self.run(.claim, claim.name, arguments) { reply(Self.claimResult($0)) }
        return nil
    }

    package func advance(
        _ name: RecordName, owner: UInt64, target: String, at _: StoreTime,
        reply: () -> @Sendable (WriteResult) -> Void
    ) -> WriteResult? {
        let reply = reply()
        self.run(.advance, name, [Self.text(owner), Array(target.utf8)]) { reply(Self.writeResult($0)) }
        return nil
    }

    package func settle(
        _ name: RecordName, owner: UInt64, target: String, _ outcome: TargetOutcome, isLast: Bool, at _: StoreTime,
        reply: () -> @Sendable (WriteResult) -> Void
    ) -> WriteResult? {
        let reply = reply()
        let (word, answer): (String, [UInt8]) =
            switch outcome {
            case .done(let answer): ("done", answer)
            case .open: ("open", [])
            case .released: ("released", [])
            }
        let arguments = [
            Self.text(owner), Array(target.utf8), Array(word.utf8), answer, Array((isLast ? "1" : "0").utf8),
        ]
        self.run(.settle, name, arguments) { reply(Self.writeResult($0)) }
        return nil
    }

    package func lookUp(
        _ name: RecordName, at _: StoreTime, reply: () -> @Sendable (LookUpResult) -> Void
    ) -> LookUpResult? {
        let reply = reply()
        self.run(.lookUp, name, []) { reply(Self.lookUpResult($0)) }
        return nil
    }

    private static func text(_ value: some BinaryInteger) -> [UInt8] { Array("\(value)".utf8) }

    // MARK: Scripts

    private func run(
        _ script: RedisScript, _ name: RecordName, _ arguments: [[UInt8]],
        take: @escaping (Result<RedisReply, StoreFailure>) -> Void
    ) {
        let key = Array("\(self.prefix)\(name.digest.hexadecimal)".utf8)
        self.bound.value.run(script, about: key, arguments, take: take)
    }

    static let nonsense = StoreFailure.unavailable(reason: "its reply is none of our scripts'")

    private static func claimResult(_ result: Result<RedisReply, StoreFailure>) -> ClaimResult {
        let reply: RedisReply
        switch result {
        case .failure(let failure): return .failed(failure)
        case .success(let value): reply = value
        }
        guard let parts = reply.elements, let word = parts.first?.text else { return .failed(self.nonsense) }
        if word == "new" { return .owned(earlier: nil) }
        guard parts.count == 3, let requestID = parts[1].text else { return .failed(self.nonsense) }
        switch word {
        case "reused":
            guard let bytes = parts[2].bytes, let fingerprint = Fingerprint(bytes: bytes[...]) else { break }
            return .reused(fingerprint, requestID: requestID)
        case "busy":
            guard let left = parts[2].integer else { break }
            return .underWay(requestID: requestID, milliseconds: left)
        case "done", "owned":
            guard let targets = self.targets(parts[2]) else { break }
            let earlier = EarlierRequest(requestID: requestID, targets: targets)
            return word == "done" ? .done(earlier) : .owned(earlier: earlier)
        default: break
        }
        return .failed(self.nonsense)
    }

    private static func writeResult(_ result: Result<RedisReply, StoreFailure>) -> WriteResult {
        switch result {
        case .failure(let failure): .failed(failure)
        case .success(.integer(1)): .written
        case .success(.integer(0)): .lost
        case .success: .failed(self.nonsense)
        }
    }

    private static func lookUpResult(_ result: Result<RedisReply, StoreFailure>) -> LookUpResult {
        switch result {
        case .failure(let failure): return .failed(failure)
        case .success(.array(let parts)) where parts.isEmpty: return .absent
        case .success(.array(let parts)):
            guard parts.count == 4, let requestID = parts[0].text, let lease = parts[1].integer,
                let expires = parts[2].integer, let targets = self.targets(parts[3])
            else { return .failed(self.nonsense) }
            return .found(
                RecordView(
                    request: EarlierRequest(requestID: requestID, targets: targets),
                    leaseMilliseconds: lease > 0 ? lease : nil, expiresInMilliseconds: max(0, expires)))
        case .success: return .failed(self.nonsense)
        }
    }

    /// Names and values by turns; nil where they are none of ours.
    private static func targets(_ reply: RedisReply) -> [TargetRecord]? {
        guard let list = reply.elements, list.count.isMultiple(of: 2) else { return nil }
        var targets: [TargetRecord] = []
        for index in stride(from: 0, to: list.count, by: 2) {
            guard let name = list[index].text, let value = list[index + 1].bytes, let digit = value.first,
                digit >= UInt8(ascii: "0"), let stage = TargetStage(rawValue: digit - UInt8(ascii: "0"))
            else { return nil }
            targets.append(TargetRecord(name: name, stage: stage, answer: Array(value.dropFirst())))
        }
        return targets
    }
}
