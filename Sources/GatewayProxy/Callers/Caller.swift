/// One who may ask, as the configuration names it.
///
/// Found out before anything else is decided about a request, and handed on with it: to the log, the metrics, the
/// audit, the queues of targets and the records of idempotency keys. Immutable but for what it has used up, shared by
/// all event loops; a reload makes new ones, so compare names and not objects from one request to another.
final class Caller: Sendable {
    /// Who gives way first where there is too much to do.
    enum Priority: Sendable { case interactive, batch }

    /// The key under `callers`: the identity wherever a caller is named.
    let name: String
    /// The position among the callers of its configuration: for what is kept for each of them.
    let index: Int
    let priority: Priority
    /// Nil where it may do everything.
    let access: CallerAccess?
    let limits: CallerLimits?
    let counts: CallerCounts

    /// - Parameter counts: those of the caller of that name before, so that a reload loses nothing.
    init(
        name: String, index: Int, priority: Priority = .interactive, access: CallerAccess? = nil,
        limits: CallerLimits? = nil, counts: CallerCounts = CallerCounts(codes: 0)
    ) {
        self.name = name
        self.index = index
        self.priority = priority
        self.access = access
        self.limits = limits
        self.counts = counts
    }
}
