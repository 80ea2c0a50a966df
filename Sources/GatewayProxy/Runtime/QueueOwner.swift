/// Whose row somebody waits in.
struct QueueOwner: Hashable, Sendable {
    let id: ObjectIdentifier
    /// Whether others go first.
    let givesWay: Bool

    init(_ id: ObjectIdentifier, givesWay: Bool = false) {
        self.id = id
        self.givesWay = givesWay
    }
}
