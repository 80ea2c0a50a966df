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
        /// Whether the same request may be sent again.
        package let retry: String
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
    ///
    /// What became of the change is never said here where `outcome` can differ: after an earlier attempt was lost,
    /// every code can have `unknown`.
    package var meaning: Meaning {
        switch self {
        case .malformedJSON:
            Meaning(
                status: 400, title: "Malformed JSON",
                meaning: "The request's body is not valid JSON (RFC 8259), or an object in it has two members of the "
                    + "same name. The detail says at which line and column, and why. Nothing was sent to the "
                    + "vendor.",
                actor: .caller,
                advice: "Correct the body at the place named.",
                retry: Self.useless)
        case .invalidRequest:
            Meaning(
                status: 400, title: "Invalid request",
                meaning: "The gateway cannot use the request: the body is not an object or came too slowly, the "
                    + "product id is not a possible one, the target does not have this operation, or a query "
                    + "parameter or header field has an impossible value. Nothing was sent to the vendor.",
                actor: .caller,
                advice: "Correct what the detail names.",
                retry: "Useful only where retryable is true, as for a body that came too slowly. Anything else is "
                    + "refused again.")
        case .targetRequired:
            Meaning(
                status: 400, title: "Target required",
                meaning: "The request names no target, and the gateway has no default target. Nothing was sent to "
                    + "any vendor.",
                actor: .caller,
                advice: "Add ?target=NAME to the URL; GET /v1/targets lists the names.",
                retry: Self.useless)
        case .unauthenticated:
            Meaning(
                status: 401, title: "Unauthenticated",
                meaning: "The request does not prove which of the gateway's callers sends it, or the proof does not "
                    + "count: a key that nobody has, a token that has expired. Nothing was sent to any vendor.",
                actor: .caller,
                advice: "Send a key or a token that the operator has given you, or show your client certificate. The "
                    + "detail says what was wrong with a token.",
                retry: "Useless with the same proof; with a new token right at once.")
        case .forbidden:
            Meaning(
                status: 403, title: "Forbidden",
                meaning: "With origin gateway: this caller may not do that, here, or may not set the members that "
                    + "errors lists; nothing was sent. With origin vendor: the vendor does not let the gateway's "
                    + "account change this product, for instance because it belongs to another organisation.",
                actor: .operator,
                advice: "GET /v1/targets/{name} shows what the caller may set. Whatever it should be able to do the "
                    + "operator has to allow it, under callers or, with origin vendor, at the vendor. There, first "
                    + "check that the id is the right one.",
                retry: "Useless until the right has been given.")
        case .notFound:
            Meaning(
                status: 404, title: "Not found",
                meaning: "The gateway has nothing at this path. This says nothing about any product.",
                actor: .caller,
                advice: "Compare the path with those in GET /openapi.json.",
                retry: Self.useless)
        case .unknownTarget:
            Meaning(
                status: 404, title: "Unknown target",
                meaning: "The gateway has no target of this name. Nothing was sent to any vendor.",
                actor: .caller,
                advice: "Use one of the names that GET /v1/targets lists. If the name should be there, ask the "
                    + "operator.",
                retry: "Useless until the name is corrected or the target has been configured.")
        case .productNotFound:
            Meaning(
                status: 404, title: "Product not found",
                meaning: "The vendor has no product with this id.",
                actor: .caller,
                advice: "Check the id. It must be the one that this vendor uses, and every vendor has its own.",
                retry: Self.uselessOnceRefused)
        case .unsupportedHeader:
            Meaning(
                status: 400, title: "Unsupported header",
                meaning: "A header field asks for a promise that the gateway cannot keep here: If-Match where the "
                    + "target gives products no version, or If-None-Match on a change.",
                actor: .caller,
                advice: "Send the request without that field, if the change may go through without the promise.",
                retry: Self.useless)
        case .idempotencyKeyRequired:
            Meaning(
                status: 400, title: "Idempotency key required",
                meaning: "The operator asks for an Idempotency-Key header field with this operation, and the request "
                    + "has none. Nothing was sent to any vendor.",
                actor: .caller,
                advice: "Draw a key at random, keep it with the work to be done, and send it with every try.",
                retry: Self.useless)
        case .idempotencyConflict:
            Meaning(
                status: 409, title: "Request under way",
                meaning: "Another request with the same Idempotency-Key is under way, here or at another instance of "
                    + "the gateway. This one was not sent to any vendor.",
                actor: .caller,
                advice: "Send it again with the same key: it gets the first one's answer. Prefer: wait=10 waits for "
                    + "it.",
                retry: Self.asRetryableSays)
        case .outcomeUnknown:
            Meaning(
                status: 409, title: "Outcome of an earlier try unknown",
                meaning: "An earlier request with the same Idempotency-Key may have made the change; nobody could "
                    + "tell whether it did, and asking again could make it twice. This one was not sent to the vendor.",
                actor: .caller,
                advice: "Look whether the vendor has the product. If not, send the create with a new key.",
                retry: "Useless: the key is answered like this for as long as it is kept.")
        case .idempotencyKeyReused:
            Meaning(
                status: 422, title: "Idempotency key reused",
                meaning: "The Idempotency-Key belongs to an earlier request that asked for something else; the detail "
                    + "says what differs. Nothing was sent to any vendor.",
                actor: .caller,
                advice: "Use one key for one piece of work, and the same body with every try of it.",
                retry: Self.useless)
        case .storeUnavailable:
            Meaning(
                status: 503, title: "Key store unavailable",
                meaning: "The request has an Idempotency-Key, and the gateway cannot keep a record of it: the store "
                    + "of keys cannot be reached, or has no more room. Nothing was sent to any vendor.",
                actor: .operator,
                advice: "Callers: wait, then send it again with the same key. Operator: the log and /status say what "
                    + "the store complains of.",
                retry: Self.asRetryableSays)
        case .preconditionFailed:
            Meaning(
                status: 412, title: "Precondition failed",
                meaning: "The product at the vendor is not in the version that If-Match names: somebody has changed "
                    + "it since.",
                actor: .caller,
                advice: "Read the product again, look at what has changed, and send the update with the new version.",
                retry: Self.useless)
        case .methodNotAllowed:
            Meaning(
                status: 405, title: "Method not allowed",
                meaning: "The path exists, but not with this method. Nothing was sent to any vendor.",
                actor: .caller,
                advice: "Use one of the methods in the Allow header field.",
                retry: Self.useless)
        case .notAcceptable:
            Meaning(
                status: 406, title: "Not acceptable",
                meaning: "The gateway answers in JSON, and the Accept header field excludes that. Nothing was sent "
                    + "to any vendor.",
                actor: .caller,
                advice: "Accept application/json and application/problem+json, or leave Accept out.",
                retry: Self.useless)
        case .payloadTooLarge:
            Meaning(
                status: 413, title: "Payload too large",
                meaning: "The request's body is larger than the gateway takes. Nothing was sent to any vendor.",
                actor: .caller,
                advice: "Send less in one request, or ask the operator to raise limits.requestBody.",
                retry: Self.useless)
        case .uriTooLong:
            Meaning(
                status: 414, title: "URI too long",
                meaning: "The path with its query is longer than the gateway takes. Nothing was sent to any vendor.",
                actor: .caller,
                advice: "Shorten the path or the query. No product id and no list of targets needs that much.",
                retry: Self.useless)
        case .unsupportedMediaType:
            Meaning(
                status: 415, title: "Unsupported media type",
                meaning: "The request's Content-Type is missing or is not JSON in UTF-8, or the body has a content "
                    + "coding such as gzip. Nothing was sent to any vendor.",
                actor: .caller,
                advice: "Send Content-Type: application/merge-patch+json or application/json, in UTF-8 and not "
                    + "compressed.",
                retry: Self.useless)
        case .conflict:
            Meaning(
                status: 409, title: "Conflict",
                meaning: "The vendor refused the change because of the state that the product is in: somebody else "
                    + "changed it at the same moment, it is locked, or what was to be created is there already.",
                actor: .caller,
                advice: "An update: send it again. If it could undo somebody else's change, look at the product "
                    + "first. A create: look whether the product is there already.",
                retry: Self.asRetryableSays)
        case .duplicateProduct:
            Meaning(
                status: 409, title: "Duplicate product",
                meaning: "The vendor already has a product with this id.",
                actor: .caller,
                advice: "If an earlier try of this create was lost, this is probably its product. Otherwise update "
                    + "the existing product, or choose another id.",
                retry: Self.uselessOnceRefused)
        case .validationFailed:
            Meaning(
                status: 422, title: "Validation failed",
                meaning: "At least one value cannot be taken. With origin gateway the gateway says so, and nothing "
                    + "was sent; with origin vendor the vendor does. errors lists each value that is known to be "
                    + "wrong, with a pointer to it in the request's body.",
                actor: .caller,
                advice: "Correct every value in errors, then send the request.",
                retry: Self.uselessOnceRefused)
        case .unsupportedField:
            Meaning(
                status: 422, title: "Unsupported field",
                meaning: "The target does not have a field that the body sets, or cannot clear one that the body "
                    + "clears. errors lists them. Nothing was sent to the vendor.",
                actor: .caller,
                advice: "Leave those fields out, or send Prefer: handling=lenient to have them dropped with a "
                    + "warning. GET /v1/targets/{name} lists what the target takes.",
                retry: Self.useless)
        case .referenceNotFound:
            Meaning(
                status: 422, title: "Reference not found",
                meaning: "The body refers to something that the vendor does not have: a client, a brand, another "
                    + "product.",
                actor: .caller,
                advice: "Create what is referred to at the vendor first, or correct the reference.",
                retry: "Useful once what is referred to is there.")
        case .predecessorFailed:
            Meaning(
                status: 424, title: "An earlier line failed",
                meaning: "An earlier line of the same product in the same stream failed, or its outcome is unknown, so "
                    + "that this one was not sent.",
                actor: .caller,
                advice: "Correct the earlier line and send both again, in their order; or send the stream with "
                    + "onFailure=continue where the lines of a product do not build on each other.",
                retry: "Right once the earlier line has been seen to.")
        case .rateLimited:
            Meaning(
                status: 429, title: "Rate limited",
                meaning: "Too many requests in too short a time. With origin gateway the caller has used up its own "
                    + "limit, and nothing was sent; with origin vendor the vendor refused this one, or wants to be "
                    + "left alone for longer than this one could wait, and nothing was sent: the outcome tells.",
                actor: .caller,
                advice: "Send fewer requests at once; RateLimit says how many are left. If it happens often, ask the "
                    + "operator for a higher limit.",
                retry: Self.asRetryableSays)
        case .headerFieldsTooLarge:
            Meaning(
                status: 431, title: "Header fields too large",
                meaning:
                    "The request's header fields are larger than the gateway takes, or more. Nothing was sent to any "
                    + "vendor.",
                actor: .caller,
                advice:
                    "Send fewer or shorter header fields (cookies are the usual cause), or ask the operator to raise "
                    + "limits.headerBytes.",
                retry: Self.useless)
        case .vendorCredentialsRejected:
            Meaning(
                status: 502, title: "Vendor credentials rejected",
                meaning: "The vendor does not accept the credentials that the gateway has for it. Every request to "
                    + "this target is likely to fail.",
                actor: .operator,
                advice: "Callers: tell the operator. Operator: check whether the target's credentials have expired, "
                    + "were replaced, or lack a right.",
                retry: "Useless until the credentials have been corrected.")
        case .vendorError:
            Meaning(
                status: 502, title: "Vendor error",
                meaning: "The vendor failed while it handled the request, or refused it for a reason that has no "
                    + "code of its own here.",
                actor: .vendor,
                advice: "Where it lasts, tell the operator; they report it to the vendor with vendor.requestId.",
                retry: Self.asRetryableSays)
        case .vendorUnintelligible:
            Meaning(
                status: 502, title: "Vendor answer not understood",
                meaning: "The vendor's answer is none that the gateway knows from this vendor, or is not proper "
                    + "HTTP. So the gateway cannot tell what it means.",
                actor: .operator,
                advice: "Callers: tell the operator, with requestId. Operator: check that the target's base URL "
                    + "leads to the vendor and not to a proxy or a login page; at log level debug the log has the "
                    + "first bytes of the answer.",
                retry: Self.asRetryableSays)
        case .vendorUnreachable:
            Meaning(
                status: 502, title: "Vendor unreachable",
                meaning: "The gateway could not connect to the vendor, or the connection broke before an answer "
                    + "came.",
                actor: .operator,
                advice: "Where it lasts, tell the operator. Operator: check the target's base URL, the network "
                    + "between here and the vendor, and the vendor's certificate; the detail says what failed.",
                retry: Self.asRetryableSays)
        case .overloaded:
            Meaning(
                status: 503, title: "Gateway overloaded",
                meaning: "The gateway has more requests than it can handle now, or for this vendor, or is shutting "
                    + "down.",
                actor: .caller,
                advice: "Send fewer requests at once. If it lasts, tell the operator.",
                retry: Self.asRetryableSays)
        case .identityUnavailable:
            Meaning(
                status: 503, title: "Identity unavailable",
                meaning: "The gateway cannot check the request's token, because it has not got the keys of the token's "
                    + "issuer. This says nothing about the token. Nothing was sent to any vendor.",
                actor: .operator,
                advice: "Wait. If it lasts, tell the operator; they look whether the issuer's key set can be reached.",
                retry: Self.asRetryableSays)
        case .vendorUnavailable:
            Meaning(
                status: 503, title: "Vendor unavailable",
                meaning:
                    "The vendor says that it cannot handle requests at the moment, or has failed so often that the "
                    + "gateway leaves it alone for a while; then nothing was sent.",
                actor: .vendor,
                advice: "Wait. If it lasts, tell the operator; they ask the vendor.",
                retry: Self.asRetryableSays)
        case .vendorTimeout:
            Meaning(
                status: 504, title: "Vendor timeout",
                meaning: "The vendor did not answer in time, or not before the gateway had to stop.",
                actor: .vendor,
                advice: "If it lasts, tell the operator; they compare the target's timeouts with how long the "
                    + "vendor takes.",
                retry: Self.asRetryableSays)
        case .internalError:
            Meaning(
                status: 500, title: "Internal error",
                meaning: "The gateway has a defect.",
                actor: .operator,
                advice: "Callers: tell the operator, with requestId. Operator: report it with the log around it.",
                retry: Self.useless)
        }
    }

    /// For what the gateway refuses by itself.
    private static let useless = "Useless: the same request is refused again."

    /// For what a vendor refuses, perhaps after an earlier attempt was lost.
    private static let uselessOnceRefused =
        "Useless where retryable is false: the same request is refused again."

    /// For what may pass.
    private static let asRetryableSays =
        "Right where retryable is true: wait as long as Retry-After says, or a little longer each time. Where it is "
        + "false, do not send it again before you have looked at the product."
}
