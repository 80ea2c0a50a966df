/// What an HTTP status means where neither a vendor code nor the dialect says otherwise.
enum StatusClass {
    static func code(of status: Int, operation: ProductOperation) -> ProblemCode {
        switch status {
        case 400, 413, 422: .validationFailed
        case 401: .vendorCredentialsRejected
        case 403: .forbidden
        // A create names no product: then it is the path itself that the vendor does not know.
        case 404, 410: operation == .update ? .productNotFound : .vendorError
        // The vendor gave up waiting for us.
        case 408: .vendorTimeout
        // A failed If-Match (RFC 9110 §15.5.13) and a lock are conflicts like any other.
        case 409, 412, 423: .conflict
        case 425, 503: .vendorUnavailable
        case 429: .rateLimited
        // The vendor refuses the form of what the gateway sends: for the operator, not for the caller.
        case 402, 405...499: .vendorError
        case 500...599: .vendorError
        // A redirect is not followed: a change must not wander to another host. Nor is anything below 200 an answer.
        default: .vendorUnintelligible
        }
    }
}
