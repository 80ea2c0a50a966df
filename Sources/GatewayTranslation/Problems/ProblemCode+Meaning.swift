extension ProblemCode {
    /// One row of the table of problems.
    package struct Meaning: Sendable {
        /// The HTTP status of an answer with this code.
        package let status: Int
        /// The `title` of the problem document; always the same for one code (RFC 9457 §3.1.3).
        package let title: String
        /// What has happened.
        package let meaning: String
        /// Who can change it.
        package let actor: Actor
        /// What they should do.
        package let advice: String
    }

    /// Who has to act on a problem.
    package enum Actor: String, Sendable {
        case caller
        case `operator`
        case vendor
    }

    package var status: Int { ProblemDocuments.shared.status(of: self) }
    package var title: String { self.meaning.title }
    /// The `type` member: a URI reference, relative to the gateway.
    package var type: String { "/problems/" + self.rawValue }

    /// The row of this code. The one place where status, title, meaning and advice are written down.
    package var meaning: Meaning {
        switch self {
        case .malformedJSON:
            Meaning(
                status: 400, title: "Malformed JSON",
                meaning: "The request body is not one JSON value as RFC 8259 defines it, or a member occurs twice. "
                    + "The detail names line, column and reason. Nothing was sent.",
                actor: .caller, advice: "Correct the body at the place named.")
        case .invalidRequest:
            Meaning(
                status: 400, title: "Invalid request",
                meaning: "The request makes no sense to the gateway: a body that is not an object, an unusable "
                    + "product id, an operation the target does not have, a query parameter or a header with an "
                    + "impossible value. Nothing was sent.",
                actor: .caller, advice: "Correct the request as the detail says.")
        case .targetRequired:
            Meaning(
                status: 400, title: "Target required",
                meaning: "The request names no target, and none is configured as the default. Nothing was sent.",
                actor: .caller, advice: "Add ?target=NAME; GET /v1/targets lists the names.")
        case .forbidden:
            Meaning(
                status: 403, title: "Forbidden",
                meaning: "The gateway's account at the vendor may not change this product, for instance because it "
                    + "belongs to another organisation.",
                actor: .operator,
                advice: "Ask whoever owns the product, or give the gateway's account the right to change it.")
        case .notFound:
            Meaning(
                status: 404, title: "Not found",
                meaning: "The gateway serves nothing at this path. It says nothing about any product.",
                actor: .caller, advice: "Compare the path with GET /openapi.json.")
        case .unknownTarget:
            Meaning(
                status: 404, title: "Unknown target",
                meaning: "No target of that name is configured. Nothing was sent.",
                actor: .caller, advice: "Use one of the names that GET /v1/targets lists.")
        case .productNotFound:
            Meaning(
                status: 404, title: "Product not found",
                meaning: "The vendor knows no product with this id.",
                actor: .caller,
                advice: "Check the id: it is the one this vendor knows, which differs from vendor to vendor.")
        case .preconditionFailed:
            Meaning(
                status: 412, title: "Precondition failed",
                meaning: "The product at the vendor is not the version that If-Match names: somebody has changed it "
                    + "since the caller read it. Nothing was changed.",
                actor: .caller, advice: "Read the product again, look at what has changed, and send the update anew.")
        case .unsupportedHeader:
            Meaning(
                status: 400, title: "Unsupported header",
                meaning: "A header asks for a promise that the gateway cannot keep for this request: If-Match where "
                    + "the vendor has no version to hold it against, If-None-Match or Idempotency-Key on a change. "
                    + "Nothing was sent.",
                actor: .caller,
                advice: "Leave the header out, and guard against the second update or the double create yourself.")
        case .methodNotAllowed:
            Meaning(
                status: 405, title: "Method not allowed",
                meaning: "The path exists, but not with this method. The Allow header lists those it has.",
                actor: .caller, advice: "Use one of the methods listed.")
        case .notAcceptable:
            Meaning(
                status: 406, title: "Not acceptable",
                meaning: "The Accept header excludes every form the answer could take: JSON. Nothing was sent.",
                actor: .caller, advice: "Accept application/json and application/problem+json.")
        case .payloadTooLarge:
            Meaning(
                status: 413, title: "Payload too large",
                meaning: "The request body is larger than the gateway's limit. Nothing was sent.",
                actor: .caller, advice: "Send less, or ask the operator to raise the limit.")
        case .unsupportedMediaType:
            Meaning(
                status: 415, title: "Unsupported media type",
                meaning: "The body is not declared as JSON. Nothing was sent.",
                actor: .caller,
                advice: "Send Content-Type: application/merge-patch+json or application/json.")
        case .conflict:
            Meaning(
                status: 409, title: "Conflict",
                meaning:
                    "The vendor refused the change because of the state that the product is in: somebody else changed "
                    + "it at the same moment, it is locked, or what was to be created is there already.",
                actor: .caller,
                advice: "If retryable is true, send the same request again; if it matters, look at the product first.")
        case .duplicateProduct:
            Meaning(
                status: 409, title: "Duplicate product",
                meaning: "The vendor already has a product with this id.",
                actor: .caller, advice: "Update the existing product, or choose another id.")
        case .validationFailed:
            Meaning(
                status: 422, title: "Validation failed",
                meaning: "At least one value is not acceptable: to the gateway (origin gateway; nothing was sent) "
                    + "or to the vendor (origin vendor). errors lists what is known, each with "
                    + "the pointer into the request body where it can be placed.",
                actor: .caller, advice: "Correct every value listed and send the request again.")
        case .unsupportedField:
            Meaning(
                status: 422, title: "Unsupported field",
                meaning: "The target cannot take a member of the body, or cannot clear it. Nothing was sent.",
                actor: .caller,
                advice: "Leave the members out, or send Prefer: handling=lenient to have them dropped with a "
                    + "warning. GET /v1/targets/{name} shows what a target takes.")
        case .referenceNotFound:
            Meaning(
                status: 422, title: "Reference not found",
                meaning: "The body refers to something the vendor does not know: a client, a brand, another "
                    + "product.",
                actor: .caller, advice: "Create what is referred to first, or correct the reference.")
        case .rateLimited:
            Meaning(
                status: 429, title: "Rate limited",
                meaning: "The vendor has had too many requests in too short a time.",
                actor: .caller, advice: "Wait as long as Retry-After says, then send the same request again.")
        case .vendorCredentialsRejected:
            Meaning(
                status: 502, title: "Vendor credentials rejected",
                meaning: "The vendor did not accept the gateway's credentials.",
                actor: .operator, advice: "Check the target's credentials and what they are allowed to do.")
        case .vendorError:
            Meaning(
                status: 502, title: "Vendor error",
                meaning: "The vendor answered that it failed itself. Whether the change was made is told by outcome.",
                actor: .vendor,
                advice: "If retryable is true, send the same request again later; otherwise look at the product "
                    + "first. Give the vendor the request id in vendor.requestId.")
        case .vendorUnintelligible:
            Meaning(
                status: 502, title: "Vendor answer not understood",
                meaning: "The vendor answered something that this target's dialect does not describe, or that is no "
                    + "well-formed HTTP. The change may have been made. The first bytes of the answer are in the "
                    + "gateway's log, never here.",
                actor: .operator,
                advice: "Look at the product before changing anything else; check the target's base URL and dialect.")
        case .vendorUnreachable:
            Meaning(
                status: 502, title: "Vendor unreachable",
                meaning: "No connection to the vendor could be made, or it broke before an answer came; outcome "
                    + "tells whether anything was sent.",
                actor: .operator, advice: "If retryable is true, try again later; check the network and base URL.")
        case .overloaded:
            Meaning(
                status: 503, title: "Gateway overloaded",
                meaning: "The gateway has more to do than it can, or is shutting down.",
                actor: .caller, advice: "Wait as long as Retry-After says, then send the same request again.")
        case .vendorUnavailable:
            Meaning(
                status: 503, title: "Vendor unavailable",
                meaning: "The vendor says that it cannot serve at the moment; outcome tells whether the change may "
                    + "have been made.",
                actor: .vendor,
                advice: "Wait as long as Retry-After says; if retryable is true, send the same request again.")
        case .vendorTimeout:
            Meaning(
                status: 504, title: "Vendor timeout",
                meaning: "The vendor did not answer in time, or not before the gateway had to stop. If anything was "
                    + "sent, the change may have been made.",
                actor: .vendor,
                advice: "If retryable is true, send the same request again; otherwise look at the product first.")
        case .internalError:
            Meaning(
                status: 500, title: "Internal error",
                meaning: "The gateway has a defect.",
                actor: .operator, advice: "Report it with the requestId.")
        }
    }
}
