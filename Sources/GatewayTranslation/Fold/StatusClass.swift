/// What an HTTP status means where neither a vendor code nor the dialect says otherwise.
enum StatusClass {
    static func classify(_ status: Int, operation: ProductOperation) -> (code: ProblemCode, outcome: Outcome) {
        switch status {
        case 400, 413, 422: (.validationFailed, .rejected)
        case 401: (.vendorCredentialsRejected, .rejected)
        case 403: (.forbidden, .rejected)
        // A create names no product: then it is the path itself that the vendor does not know.
        case 404, 410: (operation == .update ? .productNotFound : .vendorError, .rejected)
        // The vendor gave up waiting for us; how much it has acted on is its secret.
        case 408: (.vendorTimeout, .unknown)
        // A failed If-Match (RFC 9110 §15.5.13) and a lock are conflicts like any other.
        case 409, 412, 423: (.conflict, .rejected)
        case 425: (.vendorUnavailable, .rejected)
        case 429: (.rateLimited, .rejected)
        // The vendor refuses the form of what the gateway sends: for the operator, not for the caller.
        case 402, 405...499: (.vendorError, .rejected)
        case 503: (.vendorUnavailable, .unknown)
        case 500...599: (.vendorError, .unknown)
        // A redirect is not followed: a change must not wander to another host. Nor is anything below 200 an answer.
        default: (.vendorUnintelligible, .unknown)
        }
    }
}
