/// Why an attempt is not made now. Nothing was sent.
enum GateRefusal: Equatable, Sendable {
    /// The target has failed too often; it is asked again after that many nanoseconds.
    case leftAlone(nanoseconds: UInt64)
    /// The vendor wants to be left alone for longer than the attempt can wait.
    case paused(nanoseconds: UInt64, TargetPause.Reason)
    /// Too many wait already.
    case queueFull
    /// The target had as many attempts as it can bear for as long as one may wait.
    case queueTimedOut
}
