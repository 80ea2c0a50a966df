/// What one operation of one target does with one canonical field.
struct FieldRow: BitwiseCopyable {
    enum State: UInt8 {
        /// The dialect has no such field, or not in this operation.
        case unsupported
        /// The dialect has it, switched off.
        case off
        case sent
    }

    var state: State = .unsupported
    var omitsEmpty = false
    var clearsMembers = false
    var hasEntryNames = false
    /// Whether an object that is sent has to be laid over the one that the vendor has: what it is given takes the place
    /// of that.
    var mergesMap = false
    /// Whether an object may be a part of one that the vendor has, and so lack members that the whole must have.
    var isPatch = false
    /// Whether `null` is done by leaving the member out of what replaces the product.
    var removesByMerging = false
    /// Index into the plan's groups; 0 is the object of the fields itself.
    var group: Int16 = 0
    var shape: Int16 = -1
    /// The vendor's name, quoted, with its colon, behind a comma.
    var name = PooledBytes()
    /// What to send for `null`; empty where it cannot be cleared.
    var clear = PooledBytes()
    /// What to send where the caller sends nothing; empty for nothing.
    var defaultValue = PooledBytes()
    var values: Int16 = 0
    var valueCount: Int16 = 0
}

/// One word of a closed list, and what the vendor calls it.
struct ValueRow: BitwiseCopyable {
    /// Content without quotes; canonical words need no escapes.
    var canonical: PooledBytes
    /// One JSON value.
    var vendor: PooledBytes
}

/// An object inside the vendor's fields that canonical fields are written into.
struct GroupRow: BitwiseCopyable {
    var parent: Int16
    /// Quoted, with its colon, behind a comma; empty for group 0.
    var name: PooledBytes
}
