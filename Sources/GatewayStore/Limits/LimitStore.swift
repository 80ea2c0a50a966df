/// Where several gateways keep limits together, whatever the engine: how far ahead of time each limit is, and which
/// vendors want to be left alone.
///
/// Confined to the event loop that it was made on. Each reply is called there, once, perhaps within the call; a store
/// that does not answer replies late, with a failure.
package protocol LimitStore: AnyObject {
    /// Adds what this instance has let in, and tells what all of them have.
    func report(_ report: LimitReport, reply: @escaping (Result<LimitLevel, StoreFailure>) -> Void)

    /// Says that a vendor wants to be left alone, or asks whether it does.
    ///
    /// - Parameter pause: nil to ask only. A longer one that is known stays.
    func pause(
        of target: String, _ pause: SharedPause?, reply: @escaping (Result<SharedPause?, StoreFailure>) -> Void)

    func close()
}

/// What one instance has let in of a limit. Times are in microseconds: what a limit lets in in them.
package struct LimitReport: Equatable, Sendable {
    /// The same at all instances, and no other limit's.
    package let name: String
    /// What was let in since the last report; less than nothing where more was given back.
    package let addedMicroseconds: Int
    /// How far ahead this instance knows the limit to be without that: for a store that has forgotten it.
    package let knownMicroseconds: Int
    /// More than this no sum of instances lets in: what is further ahead is another time of the store's clock.
    package let mostMicroseconds: Int

    package init(name: String, addedMicroseconds: Int, knownMicroseconds: Int, mostMicroseconds: Int) {
        self.name = name
        self.addedMicroseconds = addedMicroseconds
        self.knownMicroseconds = knownMicroseconds
        self.mostMicroseconds = mostMicroseconds
    }
}

/// How far ahead of time a limit is, of all instances together.
package struct LimitLevel: Equatable, Sendable {
    package let aheadMicroseconds: Int

    package init(aheadMicroseconds: Int) {
        self.aheadMicroseconds = aheadMicroseconds
    }
}

/// How long a vendor wants to be left alone, as it has told one of the instances.
package struct SharedPause: Equatable, Sendable {
    package let milliseconds: Int
    /// By the number that the gateway gives it.
    package let reason: UInt64

    package init(milliseconds: Int, reason: UInt64) {
        self.milliseconds = milliseconds
        self.reason = reason
    }
}
