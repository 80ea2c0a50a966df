/// What one entry of a tape is: the six kinds of RFC 8259 §3 (booleans as two), and a member's name.
@frozen @usableFromInline
package enum JSONKind: UInt8, Sendable, Equatable {
    case object
    case array
    case string
    case number
    case `true`
    case `false`
    case null
    /// The name of a member. The member's value is always the very next entry.
    case name

    /// The kind as a reader of an error message knows it.
    package var noun: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string, .name: "a string"
        case .number: "a number"
        case .true, .false: "a boolean"
        case .null: "null"
        }
    }
}
