import GatewayTranslation

/// Whoever has to agree before a request that may change something goes to a vendor: a record of it must be kept first,
/// and there must be time left.
///
/// Confined to its event loop.
protocol SendingPermit: AnyObject {
    /// How long a later decision may take; without one by then, nothing is sent.
    var patienceNanoseconds: UInt64 { get }

    /// What a vendor is told so that a repetition does nothing again: the same for all requests with the caller's key.
    func vendorKey(for target: String) -> String?

    /// - Parameters:
    ///   - endsBy: when the attempt is over at the latest, in the event loop's monotonic nanoseconds.
    ///   - reply: makes what carries a later decision back; called at most once, and only where the result is nil.
    func permit(
        _ target: String, endsBy: UInt64, reply: () -> LoopReply<SendingDecision>
    ) -> SendingDecision?
}

enum SendingDecision: Sendable {
    case granted
    /// It must not be sent.
    case refused(Problem)
}
