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
    /// Whether the vendor is read before this can be sent.
    var readsFirst = false
    /// Whether the value is written by a form of the vendor's, or into a list: see `forms` of the plan.
    var isFormed = false
    /// Index into the plan's forms; -1 where the value is written as it is, and nothing but its shape is checked.
    var form: Int16 = -1
}

/// How one field's value is written, where it is not as it is. Immutable.
struct FieldForm: Sendable {
    var scalar: Dialect.ValueForm?
    /// Of an element of a list that the value is part of.
    var entry: ValuePlan?
    /// The element in its place where the value is to be cleared.
    var clearEntry: ValuePlan?
    /// Of each item or entry.
    var entries: ValuePlan?
    /// The canonical member by which an item is the vendor's own of the same.
    var identity: [String]?
    /// What is sent of the vendor's items that nothing is given for, by names of members; nil for all.
    var kept: [String]?
    var isMap = false
    /// A parameter's value that is the only one; the field is not sent.
    var fixed: [UInt8]?
    /// What names a map cannot have, or which locales translations.
    var keys: KeyPlan?
    /// Of translations that are not written as a map.
    var translations: TranslationPlaces?
    /// The only currency there is, where amounts are in the smallest unit of one.
    var fixedCurrency: String?
}

/// How translations are written, where they are not a map at the vendor's.
enum TranslationPlaces: Sendable {
    /// Each of these members in a place of its own.
    case localized(Set<String>)
    /// A request for each, with the product's own fields, or with these names for members.
    case requests(names: [(canonical: String, vendor: String)])
}

/// Where one member of the translations is written.
struct LocalizedRow: Sendable {
    let group: Int16
    /// The canonical member's name.
    let member: String
    let element: ValuePlan?
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
    /// Whether it is a list, of which fields are elements.
    var isList = false
    /// Whether the vendor takes what is sent in the place of the whole: then the rest is read and sent back.
    var keepsRest = false
    /// Of a list of which one element has fields: the element's group. 0 where there is none.
    var element: Int16 = 0
    /// Whether it is such an element, or inside one.
    var isInElement = false
    /// Whether it has constants, or a group inside it has, that a new element gets.
    var hasConstants = false
}

/// One element of a list that has fields. Immutable.
struct ElementRule: Sendable {
    /// Of the list.
    let group: Int16
    /// What the element has that tells it from others; nil where it is the first.
    let like: ValuePlan?
    /// What is sent of the other elements, by names of members; nil for all.
    let kept: [String]?
}

/// What a new element of a list gets that no caller gives.
struct ConstantRow: Sendable {
    let group: Int16
    /// Quoted, with its colon, behind a comma.
    let name: PooledBytes
    let json: [UInt8]
}
