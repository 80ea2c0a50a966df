import GatewayStore

/// The steps of records at a server: writes commands, and reads what comes back. Confined to its event loop.
final class RedisRecords {
    let client: RedisClient
    private let prefix: [UInt8]
    private let room: RedisRoom
    /// Of the last claim, in milliseconds.
    private var retention = 1

    /// What the counts of callers' bytes are called.
    private static let roomPrefix = Array("product-gateway:room:".utf8)
    /// What is counted as going together is gone together: a day's records in so many parts.
    private static let roomParts = 24
    /// Of a record that others change while it is looked at.
    private static let roundsMax = 4

    init(client: RedisClient, prefix: String, bytesPerCaller: Int) {
        self.client = client
        self.prefix = Array(prefix.utf8)
        self.room = RedisRoom(bytesMax: bytesPerCaller)
    }

    // MARK: Claim

    /// - Parameter milliseconds: of a clock that never jumps.
    func claim(_ claim: KeyClaim, at milliseconds: Int, reply: @escaping (ClaimResult) -> Void) {
        let caller = self.room[claim.name.scope]
        let count = RedisRoom.byteCount(ofTargets: claim.targets)
        guard self.room.hasRoom(for: count, of: caller) else {
            // Something may have gone since; and a repetition is told what there is, however full it is.
            self.change(by: 0, of: caller, claim.retentionMilliseconds, at: milliseconds)
            return self.find(claim, rounds: 0) { reply($0 ?? .failed(.callerFull)) }
        }
        self.set(claim, rounds: 0) { [self] result in
            if case .owned(nil) = result {
                self.change(by: count, of: caller, claim.retentionMilliseconds, at: milliseconds)
            }
            reply(result)
        }
    }

    /// Makes the record, where there is none.
    private func set(_ claim: KeyClaim, rounds: Int, reply: @escaping (ClaimResult) -> Void) {
        let count = RedisRecord.byteCount(claim)
        var command = RedisCommand("SET", room: self.prefix.count + Digest256.digitCount + count)
        self.append(claim.name, to: &command)
        command.append(count) { RedisRecord.append(claim, to: &$0) }
        command.append("NX".utf8)
        command.append("GET".utf8)
        command.append("PX".utf8)
        command.append(number: max(1, claim.retentionMilliseconds))
        self.client.send(command) { [self] result in
            switch RedisClient.checked(result) {
            case .failure(let failure):
                // A server that takes no writes, because it is full for instance, still tells what it has.
                guard case .success(.error) = result else { return reply(.failed(failure)) }
                self.find(claim, rounds: rounds) { reply($0 ?? .failed(failure)) }
            case .success(.null): reply(.owned(earlier: nil))
            case .success(.bytes(let bytes)): self.judge(bytes, claim, rounds: rounds, reply: reply)
            case .success: reply(.failed(RedisStore.nonsense))
            }
        }
    }

    /// - Parameter reply: told nil where there is no record.
    private func find(_ claim: KeyClaim, rounds: Int, reply: @escaping (ClaimResult?) -> Void) {
        var command = RedisCommand("GET", room: self.prefix.count + Digest256.digitCount)
        self.append(claim.name, to: &command)
        self.client.send(command) { [self] result in
            switch RedisClient.checked(result) {
            case .failure(let failure): reply(.failed(failure))
            case .success(.null): reply(nil)
            case .success(.bytes(let bytes)): self.judge(bytes, claim, rounds: rounds, reply: reply)
            case .success: reply(.failed(RedisStore.nonsense))
            }
        }
    }

    /// What a claim comes to where there is a record.
    private func judge(_ bytes: [UInt8], _ claim: KeyClaim, rounds: Int, reply: @escaping (ClaimResult) -> Void) {
        guard rounds < Self.roundsMax, let record = RedisRecord(bytes) else {
            return reply(.failed(RedisStore.nonsense))
        }
        let (result, targets) = record.claim(claim)
        guard case .owned = result else { return reply(result) }
        // It depends on the time, which is the server's.
        let written = KeyRecord.bytes(of: targets)
        var command = self.command(RedisScript.take, claim.name, room: bytes.count + written.count)
        command.append(bytes)
        command.append(owner: claim.owner)
        command.append(number: claim.leaseMilliseconds)
        command.append(written)
        self.client.run(.take, command) { [self] taken in
            switch taken {
            case .failure(let failure): reply(.failed(failure))
            case .success(.integer(0)): reply(result)
            case .success(.integer(let left)) where left > 0:
                reply(.underWay(requestID: record.requestID, milliseconds: left))
            case .success(.bytes(let changed)): self.judge(changed, claim, rounds: rounds + 1, reply: reply)
            // It has gone meanwhile.
            case .success(.null): self.set(claim, rounds: rounds + 1, reply: reply)
            case .success: reply(.failed(RedisStore.nonsense))
            }
        }
    }

    // MARK: What follows

    func advance(_ name: RecordName, owner: UInt64, target: String, reply: @escaping (WriteResult) -> Void) {
        var command = self.command(.advance, name, room: target.utf8.count)
        command.append(owner: owner)
        command.append(target.utf8)
        self.client.run(.advance, command) { reply(Self.writeResult($0)) }
    }

    /// - Parameter milliseconds: of a clock that never jumps.
    func settle(
        _ name: RecordName, owner: UInt64, target: String, _ outcome: TargetOutcome, isLast: Bool,
        at milliseconds: Int, reply: @escaping (WriteResult) -> Void
    ) {
        let record: TargetRecord? =
            switch outcome {
            case .done(let answer): TargetRecord(name: target, stage: .done, answer: answer)
            case .open: TargetRecord(name: target, stage: .sending)
            case .released: nil
            }
        let count = record.map { KeyRecord.byteCount(ofTarget: target, answer: $0.answer) } ?? 0
        var command = self.command(.settle, name, room: 2 * target.utf8.count + count)
        command.append(owner: owner)
        command.append(target.utf8)
        command.append(count) { if let record { KeyRecord.append(record, to: &$0) } }
        command.append(isLast ? "1".utf8 : "0".utf8)
        let caller = self.room[name.scope]
        let added = record?.answer.count ?? 0
        self.client.run(.settle, command) { [self] result in
            switch result {
            case .success(.integer(1)): self.change(by: added, of: caller, at: milliseconds)
            // The record is gone with its last target.
            case .success(.integer(2)):
                self.change(by: -RedisRoom.byteCount(ofTargets: [target]), of: caller, at: milliseconds)
            default: break
            }
            reply(Self.writeResult(result))
        }
    }

    func lookUp(_ name: RecordName, reply: @escaping (LookUpResult) -> Void) {
        self.client.run(.lookUp, self.command(.lookUp, name, room: 0)) { reply(Self.lookUpResult($0)) }
    }

    // MARK: Bytes

    private func command(_ script: RedisScript, _ name: RecordName, room: Int) -> RedisCommand {
        var command = script.command(room: room + self.prefix.count + Digest256.digitCount)
        self.append(name, to: &command)
        return command
    }

    private func append(_ name: RecordName, to command: inout RedisCommand) {
        command.append(key: self.prefix, Digest256.digitCount) { name.digest.appendHexadecimal(to: &$0) }
    }

    private static func writeResult(_ result: Result<RedisReply, StoreFailure>) -> WriteResult {
        switch result {
        case .failure(let failure): .failed(failure)
        case .success(.integer(1)), .success(.integer(2)): .written
        case .success(.integer(0)): .lost
        case .success: .failed(RedisStore.nonsense)
        }
    }

    private static func lookUpResult(_ result: Result<RedisReply, StoreFailure>) -> LookUpResult {
        switch result {
        case .failure(let failure): return .failed(failure)
        case .success(.array(let parts)) where parts.isEmpty: return .absent
        case .success(.array(let parts)):
            guard parts.count == 2, let record = parts[0].bytes.flatMap({ RedisRecord($0) }),
                let left = parts[1].integer
            else { return .failed(RedisStore.nonsense) }
            return .found(record.view(left: left))
        case .success: return .failed(RedisStore.nonsense)
        }
    }

    // MARK: Room

    /// A caller's records take so many bytes more: tells the server when that is due.
    private func change(by count: Int, of caller: RedisRoom.Caller, _ retention: Int? = nil, at milliseconds: Int) {
        if let retention { self.retention = max(1, retention) }
        guard let reported = self.room.change(by: count, of: caller, at: milliseconds) else { return }
        var command = RedisScript.room.command(room: Self.roomPrefix.count + caller.scope.utf8.count)
        command.append(key: Self.roomPrefix, caller.scope.utf8.count) { $0.append(contentsOf: caller.scope.utf8) }
        command.append(number: max(1, self.retention / Self.roomParts))
        command.append(number: self.retention)
        command.append(number: reported)
        self.client.run(.room, command) { [self] result in
            guard case .success(.integer(let sum)) = result, sum >= 0 else { return self.room.told(nil, of: caller) }
            self.room.told(sum, of: caller)
        }
    }
}
