/// A change on its way to its targets: what it names, and the room for its lines where they have to be written.
struct AuditedChange {
    /// As a JSON array, or `null` where the body could not be read.
    let pointers: [UInt8]
    /// One for each target; none where lines may be dropped.
    private var rooms: [LogRoom]

    init(pointers: [UInt8], rooms: [LogRoom] = []) {
        self.pointers = pointers
        self.rooms = rooms
    }

    /// The room for the line of one of the targets, taken.
    mutating func takeRoom() -> LogRoom? { self.rooms.popLast() }
}
