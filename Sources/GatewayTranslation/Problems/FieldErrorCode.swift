/// The words in `errors[].code` and `warnings[].code`. Closed: a dialect can only choose among them.
package enum FieldErrorCode: String, Sendable, CaseIterable {
    case required
    case wrongType = "wrong_type"
    case tooLong = "too_long"
    case tooShort = "too_short"
    case tooMany = "too_many"
    case tooFew = "too_few"
    case tooLarge = "too_large"
    case tooSmall = "too_small"
    case notAllowed = "not_allowed"
    case pattern
    case unknownMember = "unknown_member"
    case unsupportedField = "unsupported_field"
    case cannotClear = "cannot_clear"
    case duplicateMember = "duplicate_member"
    case emptyUpdate = "empty_update"
    case notUnique = "not_unique"
    case referenceNotFound = "reference_not_found"
    case invalid
    case unknownValue = "unknown_value"
    case unguarded
    case notPermitted = "not_permitted"
    case created

    /// What the word means, for `docs/errors.md` and the problem pages.
    package var meaning: String {
        switch self {
        case .required: "The member must be present and have a value."
        case .wrongType: "The value is of another JSON type than the one expected."
        case .tooLong: "The text has more characters (Unicode scalar values) than allowed."
        case .tooShort: "The text has fewer characters than required."
        case .tooMany: "The array has more items, or the map more members, than allowed."
        case .tooFew: "The array has fewer items than required."
        case .tooLarge: "The number is larger than allowed."
        case .tooSmall: "The number is smaller than allowed."
        case .notAllowed: "The value is not one of those allowed."
        case .pattern: "The text contains a character that is not allowed there."
        case .unknownMember: "The canonical product has no member of this name."
        case .unsupportedField: "The target has no such field, or cannot be given it by this operation."
        case .cannotClear: "The target has no known way to clear this member (null)."
        case .duplicateMember: "The member occurs twice."
        case .emptyUpdate: "The body leaves nothing that could be sent to the target."
        case .notUnique: "Another product already has this value."
        case .referenceNotFound: "The value refers to something the vendor does not know."
        case .invalid: "The vendor refuses the value; the detail is the vendor's."
        case .notPermitted: "The caller may not set this member at this target."
        case .unguarded:
            "The vendor replaces the whole product and has no version of it: another instance may have written at once."
        case .created: "There was no product of this id: the vendor has created it."
        case .unknownValue: "The vendor answered a value that the canonical product has no word for; left out."
        }
    }
}
