import GatewayTranslation

extension Intake {
    /// Finds out what a stream of updates is to be, from the request's head alone.
    static func readStream(
        _ head: RequestHead, query: UnsafeBufferPointer<UInt8>, limits: GatewayLimits, targets: TargetDirectory,
        into question: inout Question
    ) -> Finding {
        question.preferences = head.preferences
        question.conditions = head.conditions
        guard case .other(let type) = head.bodyType, let input = StreamFormat(contentType: type) else {
            return .refused(
                Problem(
                    .unsupportedMediaType,
                    detail: "A stream of updates has a content-type of its own: \(StreamFormat.names), in UTF-8."),
                accepted: .streams)
        }
        if let coding = head.contentEncoding {
            return .refused(
                Problem(
                    .unsupportedMediaType,
                    detail: "The gateway takes streams without a content coding, not \"\(coding.abridged)\"."),
                accepted: .codings)
        }
        // Whoever takes JSON at large, or says nothing, gets what it sends.
        guard let output = head.acceptsJSON ? input : StreamFormat(accept: head.otherAccept) else {
            return .refused(
                Problem(
                    .notAcceptable,
                    detail: "The results are sent as \(StreamFormat.names), which accept rules out."))
        }
        let parameters: RequestQuery
        switch RequestQuery.parse(query, targetsMax: limits.targetsMax, isOfStream: true) {
        case .failure(let invalid): return .refused(Problem(.invalidRequest, detail: invalid.detail))
        case .success(let query): parameters = query
        }
        question.isDryRun = parameters.isDryRun
        switch targets.find(parameters.targets) {
        case .failure(let miss): return .missed(miss)
        case .success(let targets): question.targets = targets
        }
        question.stream = StreamQuestion(
            input: input, output: output, goesOnAfterFailure: parameters.goesOnAfterFailure)
        if question.conditions.idempotencyKey == .malformed { return .refused(.malformedKey) }
        if question.conditions.ifMatch != nil || question.conditions.hasIfNoneMatch {
            return .refused(
                Problem(
                    .unsupportedHeader,
                    detail: "If-Match and If-None-Match are about one product; a stream has many."))
        }
        return .stream
    }
}
