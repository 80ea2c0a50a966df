import GatewayJSON
import GatewayTranslation

/// Makes the answer to a request of what has come of its deliveries. Decides only.
enum Answering {
    /// Takes the documents of the deliveries: they are given away with the answer.
    static func answer(of deliveries: Deliveries, to question: Question, requestID: RequestID) -> Answer {
        guard let delivery = deliveries.only else {
            return self.answer(ofSeveral: deliveries, to: question, requestID: requestID)
        }
        if case .problem(let problem) = delivery.result {
            return Answer(problem, requestID: requestID.string)
        }
        guard delivery.resultKind != .none else {
            return Answer(Problem.unfinished(target: delivery.target.name), requestID: requestID.string)
        }
        return Answer(
            status: 200, contentType: .json, body: delivery.takeDocument(isMinimal: question.preferences.isMinimal),
            preferenceApplied: question.preferences.applied)
    }

    private static func answer(
        ofSeveral deliveries: Deliveries, to question: Question, requestID: RequestID
    ) -> Answer {
        let text = requestID.string
        var writer = JSONWriter(reservingCapacity: 1024)
        writer.beginObject()
        writer.name("results")
        writer.beginArray()
        for delivery in deliveries {
            let target = delivery.target.name
            switch delivery.result {
            case .product(let canonical):
                requestID.withBytes {
                    canonical.write(
                        to: &writer, target: target, requestID: $0, isMinimal: question.preferences.isMinimal)
                }
            case .dryRun(let document), .vendorDocument(let document):
                writer.raw(document)
            case .problem(let problem):
                problem.write(to: &writer, requestID: text)
            case nil:
                Problem.unfinished(target: target).write(to: &writer, requestID: text)
            }
        }
        writer.endArray()
        writer.member("requestId", text)
        writer.endObject()
        return Answer(
            status: 207, contentType: .json, body: writer.bytes, preferenceApplied: question.preferences.applied)
    }
}
