import GatewayTranslation

/// Finds out what a caller asks for, from the request's head alone. Decides only; waits for nothing.
enum Intake {
    /// What came of reading.
    enum Finding {
        /// Something is asked about a product: the question says what.
        case product
        /// A stream of updates follows: the question says how.
        case stream
        /// What is kept of a stream with this key.
        case streamRecord(key: [UInt8])
        /// One of the documents that the gateway publishes.
        case document(Route)
        /// OPTIONS on a path that exists.
        case options(allow: StaticString, accepted: Answer.Accepted)
        /// No target is meant. What there is to choose from depends on who asks.
        case missed(TargetDirectory.Miss)
        case refused(Problem, allow: StaticString? = nil, accepted: Answer.Accepted = [])

        /// What an error means, for whoever has got one: nothing of this gateway is in it.
        var isForEverybody: Bool {
            if case .document(.problem) = self { true } else { false }
        }
    }

    /// - Parameters:
    ///   - target: path and query as they came.
    ///   - question: filled as far as the head was read, also where it is refused.
    static func read(
        _ head: RequestHead, target: UnsafeBufferPointer<UInt8>, limits: GatewayLimits, targets: TargetDirectory,
        into question: inout Question
    ) -> Finding {
        guard target.count <= limits.pathBytesMax else { return .refused(Problem(.oversizedPath, limits: limits)) }
        let mark = target.position(of: UInt8(ascii: "?")) ?? target.count
        let path = UnsafeBufferPointer(rebasing: target[..<mark])
        let query = UnsafeBufferPointer(rebasing: target[min(mark + 1, target.count)...])
        switch Route.find(head.method, path: path) {
        case .route(.update(let id)):
            question.operation = .update
            question.productID = id
        case .route(.create):
            question.operation = .create
        case .route(.read(let id)):
            question.operation = .read
            question.productID = id
        case .route(.stream):
            return self.readStream(head, query: query, limits: limits, targets: targets, into: &question)
        case .route(.streamRecord(let key)):
            return .streamRecord(key: key)
        case .route(let route):
            return .document(route)
        case .options(let allow, let accepted):
            return .options(allow: allow, accepted: accepted)
        case .methodNotAllowed(let allow):
            return .refused(
                Problem(.methodNotAllowed, detail: "This path takes \(allow), not \(head.methodName.abridged)."),
                allow: allow)
        case .notFound:
            return .refused(
                Problem(
                    .notFound,
                    detail: "There is nothing at this path. Products are updated and read at "
                        + "/v1/products/{id} and created at /v1/products; /openapi.json tells the rest."))
        case .invalidPath(let reason):
            return .refused(Problem(.invalidRequest, detail: reason))
        }
        question.preferences = head.preferences
        question.conditions = head.conditions
        question.announcedBytes = head.contentLength ?? 0
        if let problem = Self.problem(with: head, question, limits: limits) {
            return .refused(
                problem, accepted: problem.code == .unsupportedMediaType ? Self.accepted(instead: head) : [])
        }
        switch RequestQuery.parse(query, targetsMax: limits.targetsMax) {
        case .failure(let invalid):
            return .refused(Problem(.invalidRequest, detail: invalid.detail))
        case .success(let query):
            question.isDryRun = query.isDryRun
            switch targets.find(query.targets) {
            case .failure(let miss): return .missed(miss)
            case .success(let targets): question.targets = targets
            }
        }
        if !question.conditions.isEmpty, let problem = Self.unsupportedCondition(of: question) {
            return .refused(problem)
        }
        return .product
    }

    /// A promise that a header asks for and the gateway cannot keep, if there is one: it is refused and never
    /// overlooked.
    private static func unsupportedCondition(of question: borrowing Question) -> Problem? {
        if question.conditions.idempotencyKey == .malformed, question.operation != .read {
            return .malformedKey
        }
        if question.conditions.hasIfNoneMatch, question.operation != .read {
            return Problem(
                .unsupportedHeader, detail: "The gateway cannot hold If-None-Match against what a vendor has.")
        }
        guard let ifMatch = question.conditions.ifMatch else { return nil }
        if ifMatch.isMalformed { return .malformedIfMatch }
        let operation = question.operation ?? .update
        // What is read before a create is no product.
        let refusing = question.targets.first { operation != .update || !$0.plan.readsFirst(operation) }
        guard let target = refusing else { return nil }
        return Problem(
            .unsupportedHeader,
            detail: "\(target.name) has no version of a product that If-Match could be held against: an update "
                + "there is sent without reading first.", target: target.name)
    }

    /// What would have been taken where the media type or the content coding was not.
    private static func accepted(instead head: RequestHead) -> Answer.Accepted {
        guard head.bodyType != .json else { return .codings }
        return head.method == .patch ? [.patches, .mediaTypes] : .mediaTypes
    }

    /// What is wrong with a product request's fields, if anything.
    private static func problem(
        with head: RequestHead, _ question: borrowing Question, limits: GatewayLimits
    ) -> Problem? {
        guard head.acceptsJSON else {
            return Problem(.notAcceptable, detail: "The gateway answers in JSON, which accept rules out.")
        }
        // A request that only reads has no body that would mean anything (RFC 9110 section 9.3.1).
        if question.operation == .read { return nil }
        switch head.bodyType {
        case .json: break
        case .absent:
            return Problem(
                .unsupportedMediaType,
                detail: "The request has no content-type; send application/json or "
                    + "application/merge-patch+json.")
        case .other(let type):
            return Problem(
                .unsupportedMediaType,
                detail: "The gateway takes application/json and application/merge-patch+json in UTF-8, "
                    + "not \"\(type.abridged)\".")
        }
        if let coding = head.contentEncoding {
            return Problem(
                .unsupportedMediaType,
                detail: "The gateway takes bodies without a content coding, not \"\(coding.abridged)\".")
        }
        if let length = head.contentLength, length > limits.requestBodyBytesMax {
            return .bodyTooLarge(bytesMax: limits.requestBodyBytesMax)
        }
        return nil
    }
}

extension Problem {
    /// An idempotency key that cannot be told from another one for sure.
    static let malformedKey = Problem(
        .invalidRequest,
        detail: "Idempotency-Key must be there once: a string in quotes, or visible ASCII characters without, "
            + "1 to \(IdempotencyKey.lengthMax) of them.")

    /// A version that no product can have.
    static let malformedIfMatch = Problem(
        .invalidRequest,
        detail: "If-Match must be *, or versions as ETag has them, in double quotes: \"v7\" or \"v7\", \"v8\".")

    /// A body that is larger than the gateway takes, whether it says so or turns out to be.
    static func bodyTooLarge(bytesMax: Int) -> Problem {
        Problem(.payloadTooLarge, detail: "The body is larger than \(bytesMax) bytes.")
    }

    /// What a caller is told whose request its connection could not take as it came.
    init(_ error: CallerRequestError, limits: GatewayLimits) {
        switch error {
        case .oversizedFields:
            self.init(
                .headerFieldsTooLarge,
                detail: "The request's path and header fields together are larger than "
                    + "\(limits.fieldSectionBytesMax) bytes, or the fields more than \(limits.fieldsMax).")
        case .oversizedPath:
            self.init(
                .uriTooLong, detail: "The path with its query is longer than \(limits.pathBytesMax) bytes.")
        case .slowFields:
            self.init(
                .invalidRequest, detail: "The request's header fields did not arrive in time.",
                verdict: OutcomeRule.notSent(mayPass: true))
        case .malformed(let detail):
            self.init(.invalidRequest, detail: detail)
        case .unknownMethod(let detail):
            self.init(.methodNotAllowed, detail: detail)
        case .noRoomForBody:
            self.init(
                .overloaded, detail: "This connection has too many unfinished request bodies at once.",
                retryAfterSeconds: 1)
        case .noMemory:
            self.init(
                .overloaded,
                detail: "The gateway holds as much as its memory allows for the moment. Nothing was sent.",
                retryAfterSeconds: 1)
        case .addressSuspect:
            self.init(
                .overloaded,
                detail: "Too many requests from this address were given up as soon as they had been sent. Nothing was "
                    + "sent for this one.",
                retryAfterSeconds: 5)
        }
    }
}
