/// What an attempt tells of the target's health.
enum AttemptSignal: Equatable, Sendable {
    /// It answered: well, or refusing what was asked, or the credentials.
    case answered
    /// It could not be reached, broke off, or answered that it has failed.
    case failed
    /// The same, and it was too slow: less at a time may help.
    case timedOut
    /// It is well, and asks for less: 429, or 503 with `Retry-After`.
    case throttled
    /// Nothing: it never came to the vendor, or the vendor gave it back unseen.
    case nothing
}
