/// Where records of idempotency keys are kept, whatever the engine.
///
/// A record goes from `claim` by `advance` to `settle`; the last settlement ends the lease, and the record stays for
/// the retention. Every step compares what it finds and acts in one: two claimants never own the same record, and one
/// that has lost it writes nothing.
///
/// Any thread may ask; nobody is blocked. What is known at once is the result; otherwise the result is nil and the
/// reply is called, exactly once, from any thread. A store that does not answer replies late or never: the asker has a
/// deadline, and must take a claim back that it no longer wants when the reply comes.
package protocol KeyStore: AnyObject, Sendable {
    /// A claim by the record's own owner renews its lease.
    ///
    /// - Parameter reply: makes what carries the result back; called at most once, and only where the result is nil.
    func claim(
        _ claim: KeyClaim, at time: StoreTime, reply: () -> @Sendable (ClaimResult) -> Void
    ) -> ClaimResult?

    /// The target is about to be sent to. The vendor may be sent the change once the result is `written`, which means
    /// that it outlives what the engine says it outlives.
    func advance(
        _ name: RecordName, owner: UInt64, target: String, at time: StoreTime,
        reply: () -> @Sendable (WriteResult) -> Void
    ) -> WriteResult?

    /// A target may be settled again by the same owner: the last answer is kept.
    ///
    /// - Parameter isLast: the owner is done with the record, whose lease ends. A record of which everything was
    ///   released is gone.
    func settle(
        _ name: RecordName, owner: UInt64, target: String, _ outcome: TargetOutcome, isLast: Bool, at time: StoreTime,
        reply: () -> @Sendable (WriteResult) -> Void
    ) -> WriteResult?

    func lookUp(
        _ name: RecordName, at time: StoreTime, reply: () -> @Sendable (LookUpResult) -> Void
    ) -> LookUpResult?

    /// Why the store cannot be used at present; nil where it can.
    var failure: StoreFailure? { get }

    /// Ends what the engine runs; writes what was accepted. May block for as long as that takes.
    func close()
}

/// The time of whoever asks a store. An engine with a clock of its own, which several gateways share, goes by that.
package struct StoreTime: Sendable {
    /// Of a clock that never jumps; counts from any moment. For leases.
    package let monotonicMilliseconds: Int
    /// Since 1970. For the retention.
    package let epochMilliseconds: Int

    package init(monotonicMilliseconds: Int, epochMilliseconds: Int) {
        self.monotonicMilliseconds = monotonicMilliseconds
        self.epochMilliseconds = epochMilliseconds
    }
}
