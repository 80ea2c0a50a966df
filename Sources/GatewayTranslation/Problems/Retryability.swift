/// Whether the same request may be sent again: the rules behind `retryable`.
///
/// `retryable` is true where a repetition is safe **and** may succeed without the caller changing anything:
///
/// - Not sent: repeating is always safe. It may succeed where the reason passes by itself: the gateway is
///   overloaded, the vendor cannot be reached, or is left alone for a while.
/// - Rejected: the vendor changed nothing, so repeating is safe. It may succeed after a rate limit and after a
///   write conflict, and nothing else.
/// - Unknown: an update sends absolute values with PUT, so sending it twice leaves the same product as sending
///   it once (RFC 9110 §9.2.2); unless somebody else changed the same members in between, which the
///   gateway cannot see. A create may have created: sending it again may create a second product. So an update
///   is retryable, a create is not.
package enum Retryability {
    package static func isRetryable(
        _ code: ProblemCode, outcome: Outcome, operation: ProductOperation
    ) -> Bool {
        switch outcome {
        case .notSent:
            switch code {
            case .overloaded, .rateLimited, .vendorUnreachable, .vendorUnavailable, .vendorTimeout: true
            default: false
            }
        case .rejected:
            switch code {
            case .rateLimited, .conflict, .vendorUnavailable: true
            default: false
            }
        case .unknown:
            operation == .update
        }
    }
}
