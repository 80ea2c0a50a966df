/// Requests that a connection's caller has had sent to vendors and then reset at once, against answers that it took.
///
/// CVE-2023-44487, and CVE-2025-8671 where the caller makes us reset: each such request costs a vendor its work and the
/// caller nothing. Callers give requests up for good reasons too, when somebody closes a page or a time-out is over,
/// but not most of them, and not within a second. Only answers count for which a vendor was asked: others cost a caller
/// nothing either. Decides only; time is the caller's.
struct RapidResets {
    /// Whoever resets a request later than that has waited for its answer.
    static let soonNanoseconds: UInt64 = 1_000_000_000
    /// What a client may give up at once without being an attacker: as many streams as most let a connection have.
    static let resetsMax = 100
    /// Who has taken that many answers is believed to want the next ones, until it resets one.
    private static let provingAnswers = 16
    /// Requests that a connection from a suspect address may have open, and how many answers each further one takes:
    /// what a proven caller can still waste stays a fraction of what it has used.
    private static let suspectOpenMax = 4
    private static let answersForOneMore = 8

    private(set) var resets = 0
    private(set) var answers = 0

    /// A caller has taken an answer.
    mutating func answered() {
        self.answers += 1
    }

    /// A complete request was reset before it had an answer.
    ///
    /// - Parameter age: how long ago it had been complete, in nanoseconds.
    /// - Returns: whether that counts.
    mutating func reset(age: UInt64) -> Bool {
        guard age < Self.soonNanoseconds else { return false }
        self.resets += 1
        return true
    }

    /// Whether the caller gives up more than half as many as it takes.
    var isMoreThanHalf: Bool { self.resets > self.answers / 2 }

    /// Whether the connection has gone too far.
    var isTooMuch: Bool { self.resets > Self.resetsMax + self.answers / 2 }

    /// Whether the caller's requests are sent on at once, although it comes from a suspect address.
    var isProven: Bool { self.answers >= Self.provingAnswers }

    /// Requests that the caller may have open, if it comes from a suspect address.
    var openMaxIfSuspect: Int { Self.suspectOpenMax + self.answers / Self.answersForOneMore }
}
