import Synchronization

/// The addresses from which requests are being sent and reset at once (`RapidResets`), all event loops together.
///
/// One connection's bound is not enough: an attacker has as many connections as it likes. Several callers may share an
/// address, behind a proxy or a NAT, so nobody is turned away for his neighbours: from an address that is suspect a
/// connection may have few requests open until some have been answered, and the first that it resets ends it. Touched
/// when something is reset and while anything is suspect only. Any thread may call it.
final class SuspectAddresses: Sendable {
    private struct Entry {
        var resets: Int
        var since: UInt64
    }

    /// How many such resets of one address, within this time, make it suspect for as long again. A page with a hundred
    /// requests that is closed twice is below that.
    private static let resetsMax = 200
    private static let windowNanoseconds: UInt64 = 5_000_000_000
    /// Entries of 64 bytes or so; when there are more, those whose time is over go, and then all: an attacker with that
    /// many addresses is bounded by its connections.
    private static let entriesMax = 4096

    private let entries = Mutex<[String: Entry]>([:])
    /// So that nobody has to ask for the lock while nothing is suspect.
    private let mayHaveAny = Atomic<Bool>(false)

    /// A request from `address` was reset at once.
    func noteReset(_ address: String, now: UInt64) {
        self.entries.withLock { entries in
            if entries.count >= Self.entriesMax {
                entries = entries.filter { now < $0.value.since &+ Self.windowNanoseconds }
                if entries.count >= Self.entriesMax { entries.removeAll() }
            }
            var entry = entries[address] ?? Entry(resets: 0, since: now)
            if now >= entry.since &+ Self.windowNanoseconds {
                // What was too much stays so for one more window: half of it is carried over.
                entry = Entry(resets: entry.resets > Self.resetsMax ? Self.resetsMax / 2 : 0, since: now)
            }
            entry.resets += 1
            entries[address] = entry
            if entry.resets > Self.resetsMax { self.mayHaveAny.store(true, ordering: .relaxed) }
        }
    }

    func isSuspect(_ address: String, now: UInt64) -> Bool {
        guard self.mayHaveAny.load(ordering: .relaxed) else { return false }
        return self.entries.withLock { entries in
            if let entry = entries[address], entry.resets > Self.resetsMax,
                now < entry.since &+ 2 * Self.windowNanoseconds
            {
                return true
            }
            entries = entries.filter { now < $0.value.since &+ 2 * Self.windowNanoseconds }
            if !entries.values.contains(where: { $0.resets > Self.resetsMax }) {
                self.mayHaveAny.store(false, ordering: .relaxed)
            }
            return false
        }
    }
}
