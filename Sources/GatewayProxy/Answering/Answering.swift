import GatewayJSON
import GatewayMetrics
import GatewayTranslation

/// Makes the answer to a request of what has come of its deliveries. Decides only.
enum Answering {
    /// Takes the documents of the deliveries: they are given away with the answer.
    static func answer(of deliveries: Deliveries, to question: borrowing Question, requestID: RequestID) -> Answer {
        guard let delivery = deliveries.only else {
            return self.answer(ofSeveral: deliveries, to: question, requestID: requestID)
        }
        if let kept = delivery.kept {
            var answer = Answer(kept, to: question)
            answer.isReplayed = delivery.resultKind == .replayed
            return answer
        }
        if case .problem(let problem) = delivery.result {
            return Answer(problem, requestID: requestID.string)
        }
        guard delivery.resultKind != .none else {
            return Answer(Problem.unfinished(target: delivery.target.name), requestID: requestID.string)
        }
        return Answer(
            status: self.status(of: delivery, to: question), contentType: .json,
            body: delivery.takeDocument(isMinimal: question.preferences.isMinimal),
            preferenceApplied: question.preferences.applied,
            location: self.location(of: delivery), entityTag: delivery.entityTag)
    }

    /// What a result would be answered with if it were the only one.
    private static func status(of delivery: Delivery, to question: borrowing Question) -> Int {
        switch delivery.resultKind {
        case .problem: if case .problem(let problem) = delivery.result { problem.status } else { 500 }
        case .success: question.operation == .create ? 201 : 200
        case .dryRun: 200
        case .replayed: delivery.kept?.status ?? ProblemCode.internalError.status
        case .none: ProblemCode.internalError.status
        }
    }

    /// The status that the answer would have, where nobody is left to answer.
    static func status(of deliveries: Deliveries, to question: borrowing Question) -> Int {
        if let delivery = deliveries.only { return self.status(of: delivery, to: question) }
        return self.status(ofSeveral: deliveries.map { self.status(of: $0, to: question) })
    }

    /// Where what was created can be reached; nil where only the vendor knows its id.
    private static func location(of delivery: Delivery) -> [UInt8]? {
        guard let id = delivery.productID else { return nil }
        var location = Array("/v1/products/".utf8)
        location.append(contentsOf: ProductID.pathSegment(of: id))
        location.append(contentsOf: "?target=\(delivery.target.name)".utf8)
        return location
    }

    /// 207 (RFC 4918 section 13) where at least one succeeded. Where all have failed the answer must not look like a
    /// success: the status that all have in common, else 502 where any of them is a failure of a server's, else 400.
    static func status(ofSeveral statuses: [Int]) -> Int {
        guard let first = statuses.first, statuses.allSatisfy({ $0 >= 400 }) else { return 207 }
        if statuses.allSatisfy({ $0 == first }) { return first }
        return statuses.contains { $0 >= 500 } ? 502 : 400
    }

    /// Writes one of several results.
    private static func write(
        _ delivery: Delivery, to question: borrowing Question, requestID: RequestID, into writer: inout JSONWriter
    ) {
        let target = delivery.target.name
        switch delivery.result {
        case .product(let canonical):
            requestID.withBytes {
                canonical.write(
                    to: &writer, target: target, status: self.status(of: delivery, to: question), requestID: $0,
                    isMinimal: question.preferences.isMinimal)
            }
        case .dryRun(let document), .vendorDocument(let document):
            writer.raw(document)
        case .problem(let problem):
            problem.write(to: &writer, requestID: requestID.string)
        case nil:
            Problem.unfinished(target: target).write(to: &writer, requestID: requestID.string)
        }
    }

    private static func answer(
        ofSeveral deliveries: Deliveries, to question: borrowing Question, requestID: RequestID
    ) -> Answer {
        var writer = JSONWriter(reservingCapacity: 1024)
        var statuses: [Int] = []
        writer.beginObject()
        writer.name("results")
        writer.beginArray()
        for delivery in deliveries {
            if let kept = delivery.kept {
                statuses.append(kept.status)
                writer.raw(kept.body)
            } else {
                statuses.append(self.status(of: delivery, to: question))
                self.write(delivery, to: question, requestID: requestID, into: &writer)
            }
        }
        writer.endArray()
        writer.member("requestId", requestID.string)
        writer.endObject()
        return Answer(
            status: self.status(ofSeveral: statuses), contentType: .json, body: writer.bytes,
            preferenceApplied: question.preferences.applied,
            isReplayed: deliveries.allSatisfy { $0.resultKind == .replayed })
    }

    /// What a delivery is answered with, to be given again: a document of its own, or one of several results.
    static func kept(_ delivery: Delivery, to question: borrowing Question, requestID: RequestID) -> KeptAnswer {
        var problem: Problem?
        if case .problem(let failure) = delivery.result { problem = failure }
        let status = self.status(of: delivery, to: question)
        let code = problem?.code.rawValue ?? LabelValues.ok
        guard question.targets.count == 1 else {
            var writer = JSONWriter(reservingCapacity: 512)
            self.write(delivery, to: question, requestID: requestID, into: &writer)
            return KeptAnswer(
                status: status, code: code, isProblem: problem != nil, outcome: problem?.outcome, body: writer.bytes)
        }
        if let problem {
            return KeptAnswer(
                status: status, code: code, isProblem: true, outcome: problem.outcome,
                body: problem.json(requestID: requestID.string), proxyStatus: ProxyStatus.bytes(for: problem))
        }
        return KeptAnswer(
            status: status, code: code, isProblem: false, outcome: nil,
            body: delivery.takeDocument(isMinimal: question.preferences.isMinimal),
            location: self.location(of: delivery), entityTag: delivery.entityTag)
    }
}

extension Answer {
    /// The answer to the request that it was kept of, or to a repetition.
    fileprivate init(_ kept: KeptAnswer, to question: borrowing Question) {
        self.init(
            status: kept.status, contentType: kept.isProblem ? .problem : .json, body: kept.body,
            preferenceApplied: kept.isProblem ? nil : question.preferences.applied, location: kept.location,
            entityTag: kept.entityTag, proxyStatus: kept.proxyStatus)
    }
}
