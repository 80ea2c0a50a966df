/// What one of several requests of a change has to do with the others.
struct RequestPart: Sendable {
    /// A request that is still to come.
    struct Planned: Sendable {
        let plan: FollowingPlan
        /// Of the translation that it carries.
        let locale: [UInt8]
        /// The vendor's object of its fields; empty where it carries none.
        let fields: [UInt8]
        /// What of the caller's document it carries, as pointers.
        let pointers: [String]
    }

    /// Nil for the first request.
    let plan: FollowingPlan?
    /// What this request carries, as pointers into the caller's document.
    let pointers: [String]
    /// What those before it have done.
    let done: [String]
    let following: [Planned]
    /// What those that follow take from the read before the first.
    var read = Fillings.none
}
