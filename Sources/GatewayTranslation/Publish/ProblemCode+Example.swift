extension ProblemCode {
    /// One problem of this code as a gateway answers it, for the OpenAPI document.
    var example: Problem {
        switch self {
        case .malformedJSON:
            self.refusal(
                "The body is not valid JSON: line 1, column 12: there is a comma with nothing behind it.", target: "cor"
            )
        case .invalidRequest:
            self.refusal("dryRun must be true or false, not \"yes\".")
        case .targetRequired:
            self.refusal("There is no default target; add ?target=NAME with one of: cor, elastic-path.")
        case .unauthenticated:
            self.refusal("The token has expired.")
        case .identityUnavailable:
            self.refusal("The keys of the token's issuer are not at hand.", retryAfterSeconds: 2)
        case .forbidden:
            self.answer("COR: Forbidden", status: 403)
        case .notFound:
            self.refusal(
                "There is nothing at this path. Products are updated at /v1/products/{id} and created at /v1/products; "
                    + "/openapi.json tells the rest.")
        case .unknownTarget:
            self.refusal("There is no target \"shop\"; there are: cor, elastic-path.")
        case .productNotFound:
            self.answer("COR knows no product EXT-PROD-1 for source MICROSOFT_DYNAMICS.", status: 404)
        case .methodNotAllowed:
            self.refusal("This path takes GET, HEAD, PATCH, PUT, OPTIONS, not DELETE.")
        case .notAcceptable:
            self.refusal("The gateway answers in JSON, which accept rules out.")
        case .payloadTooLarge:
            self.refusal("The body is larger than 1048576 bytes.")
        case .uriTooLong:
            self.refusal("The path is longer than 4096 bytes.")
        case .headerFieldsTooLarge:
            self.refusal("The request's header fields are larger than 32768 bytes, or more than 100.")
        case .unsupportedMediaType:
            self.refusal(
                "The gateway takes application/json and application/merge-patch+json in UTF-8, not \"text/xml\".")
        case .unsupportedHeader:
            self.refusal("The gateway cannot hold If-None-Match against what a vendor has.")
        case .idempotencyKeyRequired:
            self.refusal("A create must have an Idempotency-Key here.")
        case .idempotencyConflict:
            self.refusal("Request 7f3a0c52 with the same Idempotency-Key is under way.", retryAfterSeconds: 1)
        case .outcomeUnknown:
            Problem(
                self,
                detail: "Request 7f3a0c52 with the same Idempotency-Key may have created the product at elastic-path.",
                target: "elastic-path", verdict: OutcomeRule.unknownSinceEarlier)
        case .idempotencyKeyReused:
            self.refusal("The Idempotency-Key belongs to request 7f3a0c52, which differs in its body.")
        case .storeUnavailable:
            self.refusal("The store of idempotency keys does not answer; nothing was sent.", retryAfterSeconds: 1)
        case .preconditionFailed:
            self.refusal(
                "The product at catalogue is not the version that If-Match names; nothing was changed.",
                target: "catalogue")
        case .conflict:
            self.answer("COR: Conflict", status: 409)
        case .duplicateProduct:
            self.answer("COR already has a product EXT-PROD-TAKEN for source MICROSOFT_DYNAMICS.", status: 409)
        case .validationFailed:
            self.refusal(
                "One value must be corrected before Elastic Path can be asked; nothing was sent.",
                target: "elastic-path",
                FieldError(pointer: "/slug", code: .pattern, detail: "expected only characters of A-Za-z0-9._-"))
        case .unsupportedField:
            self.refusal(
                "COR cannot take one value of this body; nothing was sent.", target: "cor",
                FieldError(pointer: "/sku", code: .unsupportedField, detail: "COR has no such field."))
        case .referenceNotFound:
            self.answer(
                "COR: The specified client does not exist in the integration mappings", status: 404,
                FieldError(
                    pointer: "/clientId", code: .referenceNotFound,
                    detail: "The specified client does not exist in the integration mappings"))
        case .predecessorFailed:
            self.refusal(
                "An earlier line of this product failed at cor, or its outcome is unknown; nothing was sent.",
                target: "cor")
        case .rateLimited:
            self.answer("COR: Too Many Requests", status: 429, retryAfterSeconds: 2)
        case .vendorCredentialsRejected:
            self.answer("COR: Unauthorized", status: 401)
        case .vendorError:
            self.answer("COR answered status 500 and said nothing more.", status: 500)
        case .vendorUnintelligible:
            self.answer(
                "COR answered something that is not JSON. The change may or may not have been made.", status: 200)
        case .vendorUnreachable:
            self.silence("No connection to cor: connection refused.", .notSent)
        case .overloaded:
            self.refusal("This connection has too many unfinished request bodies at once.", retryAfterSeconds: 1)
        case .vendorUnavailable:
            self.answer("COR: Service Unavailable", status: 503, retryAfterSeconds: 2)
        case .vendorTimeout:
            self.silence("cor did not answer in time. It may still act on the request.", .unanswered)
        case .internalError:
            self.refusal("The gateway has a defect.")
        }
    }

    /// Refused by the gateway before anything was sent.
    private func refusal(
        _ detail: String, target: String? = nil, _ errors: FieldError..., retryAfterSeconds: Int? = nil
    ) -> Problem {
        Problem(self, detail: detail, target: target, errors: errors, retryAfterSeconds: retryAfterSeconds)
    }

    /// An update that a vendor answered.
    private func answer(
        _ detail: String, status: Int, _ errors: FieldError..., retryAfterSeconds: Int? = nil
    ) -> Problem {
        Problem(
            self, detail: detail, origin: .vendor, target: "cor",
            verdict: OutcomeRule.verdict(on: self, .answered(status: status), of: .update), errors: errors,
            vendor: VendorReport(status: status), retryAfterSeconds: retryAfterSeconds)
    }

    /// An update that no vendor answered.
    private func silence(_ detail: String, _ end: AttemptEnd) -> Problem {
        Problem(
            self, detail: detail, origin: .vendor, target: "cor",
            verdict: OutcomeRule.verdict(on: self, end, of: .update))
    }
}
