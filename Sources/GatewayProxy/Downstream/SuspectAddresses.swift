import Synchronization

/// The addresses from which requests are being sent and given up at once (`RapidResets`), all event loops together.
///
/// One connection's bound is not enough: an attacker has as many connections as it likes, and closing one gives up
/// what is under way on it. Several callers may share an address, behind a proxy or a NAT, so nobody is turned away for
/// his neighbours while that can be helped. A connection from a suspect address may have few requests open until some
/// have been answered, and ends when it has given up more than half as many as it has taken answers. Until it has taken
/// some (`RapidResets.isProven`) its requests are on probation: each is sent on when its caller has stayed for a moment
/// (`HeldRequests`), and where vendors have been asked in vain all the same, only as many are as may be in vain.
/// All addresses of an IPv6 /64 are one (`CallerNetwork`). Touched when something is given up and while anything is
/// suspect only. Any thread may call it.
final class SuspectAddresses: Sendable {
    private struct Entry {
        var resets: Int
        /// Requests to vendors that were made for those.
        var inVain = 0
        /// Requests on probation that a vendor has been asked for, while nobody knows what becomes of them.
        var admitted = 0
        var since: UInt64

        var isTooMuch: Bool {
            self.resets > SuspectAddresses.resetsMax || self.inVain > SuspectAddresses.inVainSuspect
        }
    }

    /// How many such requests of one address, within this time, make it suspect for as long again. A page with a
    /// hundred requests that is closed twice is below that.
    private static let resetsMax = 200
    /// The same of requests to vendors: a stream of updates that is given up leaves up to 256.
    private static let inVainSuspect = 600
    /// How many requests of one address vendors may be asked in vain within this time, before those on probation are
    /// refused: with what else is under way by then fewer than a thousand.
    static let inVainMax = 400
    private static let windowNanoseconds: UInt64 = 5_000_000_000
    /// Entries of 64 bytes or so; when there are more, those whose time is over go, and then all: an attacker with that
    /// many networks is bounded by its connections, or, behind a trusted proxy, by what that lets through.
    private static let entriesMax = 4096

    private let entries = Mutex<[CallerNetwork: Entry]>([:])
    /// So that nobody has to ask for the lock while nothing is suspect.
    private let someAreSuspect = Atomic<Bool>(false)

    /// When it was last looked whether anything is suspect still: while something is, many ask, and each only of one.
    private let prunedAt = Atomic<UInt64>(0)
    private static let pruneNanoseconds: UInt64 = 1_000_000_000

    var mayHaveAny: Bool { self.someAreSuspect.load(ordering: .relaxed) }

    /// A request from `address` was given up at once.
    ///
    /// - Parameter inVain: how many requests to vendors had been made for it.
    func noteReset(_ address: String, inVain: Int = 1, now: UInt64) {
        let network = CallerNetwork(of: address)
        self.entries.withLock { entries in
            if entries.count >= Self.entriesMax {
                entries = entries.filter { now < $0.value.since &+ Self.windowNanoseconds }
                if entries.count >= Self.entriesMax { entries.removeAll() }
            }
            var entry = entries[network] ?? Entry(resets: 0, since: now)
            if now >= entry.since &+ Self.windowNanoseconds {
                // What was too much stays so for one more window: half of it is carried over.
                entry = Entry(
                    resets: entry.isTooMuch ? Self.resetsMax / 2 : 0, admitted: entry.admitted, since: now)
            }
            entry.resets += 1
            entry.inVain += inVain
            entries[network] = entry
            if entry.isTooMuch { self.someAreSuspect.store(true, ordering: .relaxed) }
        }
    }

    func isSuspect(_ address: String, now: UInt64) -> Bool {
        guard self.mayHaveAny else { return false }
        let network = CallerNetwork(of: address)
        return self.entries.withLock { entries in
            if let entry = entries[network], entry.isTooMuch, now < entry.since &+ 2 * Self.windowNanoseconds {
                return true
            }
            guard now >= self.prunedAt.load(ordering: .relaxed) &+ Self.pruneNanoseconds else { return false }
            self.prunedAt.store(now, ordering: .relaxed)
            entries = entries.filter { now < $0.value.since &+ 2 * Self.windowNanoseconds }
            if !entries.values.contains(where: \.isTooMuch) {
                self.someAreSuspect.store(false, ordering: .relaxed)
            }
            return false
        }
    }

    /// Lets a request on probation go to a vendor, unless too many of its address would be in vain if nobody took their
    /// answers. `settled` must follow.
    func admit(_ address: String, now: UInt64) -> Bool {
        let network = CallerNetwork(of: address)
        return self.entries.withLock { entries in
            guard let entry = entries[network] else { return true }
            let inVain = now < entry.since &+ Self.windowNanoseconds ? entry.inVain : 0
            guard inVain + entry.admitted < Self.inVainMax else { return false }
            entries[network]?.admitted += 1
            return true
        }
    }

    /// It is known what has become of a request that was let in.
    func settled(_ address: String) {
        let network = CallerNetwork(of: address)
        self.entries.withLock { entries in
            guard let admitted = entries[network]?.admitted else { return }
            // An address that was forgotten meanwhile has none.
            entries[network]?.admitted = max(0, admitted - 1)
        }
    }
}
