import Synchronization

/// Keeps records in this process: they are gone when it ends.
///
/// Answers at once. Any thread; a lock is held for a few table look-ups.
package final class MemoryStore: KeyStore {
    /// A class, so that a step finds it once and changes it in place.
    private final class Entry {
        var record: KeyRecord
        /// Tells an entry of the row of expiries from one of an earlier record of the same name.
        let number: UInt64

        init(record: KeyRecord, number: UInt64) {
            self.record = record
            self.number = number
        }
    }

    private struct Expiry {
        let name: RecordName
        let number: UInt64
        let atEpochMilliseconds: Int
    }

    private struct State: ~Copyable {
        var entries: [RecordName: Entry] = [:]
        var room: CallerRoom
        /// In the order in which records were made: nearly that in which they expire.
        var expiries: [Expiry] = []
        var firstExpiry = 0
        var lastNumber: UInt64 = 0
    }

    private let state: Mutex<State>

    /// Records that one claim clears away at most: more than one, so that the table shrinks, and few, so that no
    /// request pays for many.
    private static let clearedPerClaim = 4
    /// Entries of the row that are not worth clearing away: a few dozen kilobytes.
    private static let expiriesKept = 1024

    /// - Parameter bytesPerCaller: what one caller's records may take. Nothing is thrown away before its time to make
    ///   room: a caller that has none is refused.
    package init(bytesPerCaller: Int) {
        self.state = Mutex(State(room: CallerRoom(bytesMax: bytesPerCaller)))
    }

    package var failure: StoreFailure? { nil }
    package func close() {}

    package func claim(
        _ claim: KeyClaim, at time: StoreTime, reply _: () -> @Sendable (ClaimResult) -> Void
    ) -> ClaimResult? {
        self.state.withLock { state in
            Self.clear(&state, at: time)
            if let entry = state.entries[claim.name] {
                guard entry.record.hasExpired(at: time) else {
                    let before = entry.record.byteCount
                    let result = entry.record.claim(claim, at: time)
                    state.room.change(by: entry.record.byteCount - before, of: claim.name.scope)
                    return result
                }
                Self.remove(claim.name, from: &state)
            }
            let record = KeyRecord(claim, at: time)
            guard state.room.take(record.byteCount, of: claim.name.scope) else { return .failed(.callerFull) }
            state.lastNumber += 1
            state.entries[claim.name] = Entry(record: record, number: state.lastNumber)
            state.expiries.append(
                Expiry(
                    name: claim.name, number: state.lastNumber, atEpochMilliseconds: record.expiresAtEpochMilliseconds))
            return .owned(earlier: nil)
        }
    }

    package func advance(
        _ name: RecordName, owner: UInt64, target: String, at time: StoreTime,
        reply _: () -> @Sendable (WriteResult) -> Void
    ) -> WriteResult? {
        self.change(name) { $0.advance(owner: owner, target: target, at: time) }
    }

    package func settle(
        _ name: RecordName, owner: UInt64, target: String, _ outcome: TargetOutcome, isLast: Bool, at _: StoreTime,
        reply _: () -> @Sendable (WriteResult) -> Void
    ) -> WriteResult? {
        self.change(name) { $0.settle(owner: owner, target: target, outcome, isLast: isLast) }
    }

    package func lookUp(
        _ name: RecordName, at time: StoreTime, reply _: () -> @Sendable (LookUpResult) -> Void
    ) -> LookUpResult? {
        self.state.withLock { state in
            guard let record = state.entries[name]?.record, !record.hasExpired(at: time) else { return .absent }
            return .found(record.view(at: time))
        }
    }

    private func change(_ name: RecordName, _ step: (inout KeyRecord) -> WriteResult) -> WriteResult {
        self.state.withLock { state in
            guard let entry = state.entries[name] else { return .lost }
            let before = entry.record.byteCount
            let result = step(&entry.record)
            guard result == .written else { return result }
            if entry.record.targets.isEmpty {
                state.entries[name] = nil
                state.room.change(by: -before, of: name.scope)
            } else {
                state.room.change(by: entry.record.byteCount - before, of: name.scope)
            }
            return result
        }
    }

    private static func remove(_ name: RecordName, from state: inout State) {
        guard let entry = state.entries.removeValue(forKey: name) else { return }
        state.room.change(by: -entry.record.byteCount, of: name.scope)
    }

    /// Forgets some of what has expired.
    private static func clear(_ state: inout State, at time: StoreTime) {
        for _ in 0..<self.clearedPerClaim {
            guard state.firstExpiry < state.expiries.count else { break }
            // What was released before its time waits for it, or until it is most of the row.
            guard state.expiries[state.firstExpiry].atEpochMilliseconds <= time.epochMilliseconds else { break }
            let expiry = state.expiries[state.firstExpiry]
            if state.entries[expiry.name]?.number == expiry.number { self.remove(expiry.name, from: &state) }
            state.firstExpiry += 1
        }
        // What has been gone through, and what was released before its time, is given back when it is most of the row.
        let live = state.entries.count
        guard state.expiries.count > 2 * live + Self.expiriesKept else { return }
        state.expiries = state.expiries[state.firstExpiry...].filter { state.entries[$0.name]?.number == $0.number }
        state.firstExpiry = 0
    }

    /// Records that are kept, and the bytes that those of one caller count.
    package func countForTesting(of scope: String) -> (records: Int, bytes: Int) {
        self.state.withLock { ($0.entries.count { $0.key.scope == scope }, $0.room.bytes(of: scope)) }
    }

    /// Entries of the row of expiries.
    package var rowLengthForTesting: Int { self.state.withLock { $0.expiries.count } }
}
