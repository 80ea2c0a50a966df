/// Every way an exchange can fail, as a caller sees it: the closed list of the canonical API.
///
/// The raw value is the `code` member of a problem document and the last segment of its `type`.
/// Status, title, meaning and advice are in `ProblemCode+Meaning.swift`; problem pages and `docs/errors.md` come
/// from there.
package enum ProblemCode: String, Sendable, CaseIterable {
    case malformedJSON = "malformed_json"
    case invalidRequest = "invalid_request"
    case targetRequired = "target_required"
    case unauthenticated
    case forbidden
    case notFound = "not_found"
    case unknownTarget = "unknown_target"
    case productNotFound = "product_not_found"
    case methodNotAllowed = "method_not_allowed"
    case notAcceptable = "not_acceptable"
    case payloadTooLarge = "payload_too_large"
    case uriTooLong = "uri_too_long"
    case unsupportedMediaType = "unsupported_media_type"
    case unsupportedHeader = "unsupported_header"
    case conflict
    case idempotencyKeyRequired = "idempotency_key_required"
    case idempotencyConflict = "idempotency_conflict"
    case outcomeUnknown = "outcome_unknown"
    case idempotencyKeyReused = "idempotency_key_reused"
    case storeUnavailable = "store_unavailable"
    case preconditionFailed = "precondition_failed"
    case duplicateProduct = "duplicate_product"
    case validationFailed = "validation_failed"
    case unsupportedField = "unsupported_field"
    case referenceNotFound = "reference_not_found"
    case predecessorFailed = "predecessor_failed"
    case rateLimited = "rate_limited"
    case headerFieldsTooLarge = "header_fields_too_large"
    case vendorCredentialsRejected = "vendor_credentials_rejected"
    case vendorError = "vendor_error"
    case vendorUnintelligible = "vendor_unintelligible"
    case vendorUnreachable = "vendor_unreachable"
    case overloaded
    case identityUnavailable = "identity_unavailable"
    case vendorUnavailable = "vendor_unavailable"
    case vendorTimeout = "vendor_timeout"
    case internalError = "internal_error"
}
