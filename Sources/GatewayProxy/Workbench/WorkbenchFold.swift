import GatewayDocuments
import GatewayJSON
import GatewayTranslation
import Glibc

/// A vendor's answer, folded, with where each of its values went.
struct WorkbenchFold {
    let target: Target
    let operation: ProductOperation
    let status: Int
    /// Of the vendor's answer; names in lower case.
    let fields: [String: String]
    let isComplete: Bool
    let id: [UInt8]?
    /// What the caller had sent; empty where that is not known.
    let document: [UInt8]
    let handling: Handling?
    let limits: WorkbenchTargets.Limits

    private var jsonLimits: JSONLimits {
        JSONLimits(bytesMax: self.limits.answerBytesMax, depthMax: self.limits.jsonDepthMax)
    }

    func json(of body: [UInt8]) -> [UInt8] {
        let translator = Translator(limits: self.jsonLimits)
        let request = self.request(translator)
        let folded = self.folded(body, request, translator)
        var writer = JSONWriter(reservingCapacity: body.count * 3 + 4096)
        writer.object { writer in
            let segments = try? TextSegments(body, limits: self.jsonLimits)
            segments?.write("answer", to: &writer)
            writer.member("status", folded.status)
            writer.array("headers") { writer in
                for field in folded.fields {
                    writer.array { writer in
                        writer.string(field.name)
                        writer.string(field.value)
                    }
                }
            }
            TextSegments(layingOut: folded.body, limits: self.jsonLimits).write("body", to: &writer)
            guard let segments else { return }
            var budget = CarriedValues.Budget()
            let links = CarriedValues.links(
                of: body, segments, places: self.places(of: folded), budget: &budget
            ) { self.places(of: self.folded($0, request, translator)) }
            CarriedValues.write(links, to: &writer)
        }
        return writer.bytes
    }

    /// What the gateway sent, as far as it is known here.
    private func request(_ translator: Translator) -> VendorRequest? {
        let id = self.id.flatMap { $0.isEmpty ? nil : $0 }
        let request = try? translator.translate(
            self.operation, for: self.target.plan, id: id, body: self.document, handling: self.handling)
        return request ?? id.map { VendorRequest(method: "", path: [], headers: [], body: [], id: $0) }
    }

    private func folded(_ body: [UInt8], _ request: VendorRequest?, _ translator: Translator) -> FoldedDocument {
        let answer = VendorAnswer(
            status: self.status, body: body, isComplete: self.isComplete, retryAfter: self.fields["retry-after"],
            requestID: self.fields["x-request-id"] ?? self.fields["request-id"] ?? self.fields["x-correlation-id"],
            etag: self.fields["etag"])
        let folded = translator.fold(
            answer, to: request, operation: self.operation, for: self.target.plan, nowEpochSeconds: time(nil))
        return FoldedDocument(
            folded, of: answer, operation: self.operation, target: self.target.name, requestID: Workbench.requestID)
    }

    private func places(of folded: FoldedDocument) -> CarriedValues.Places {
        var places = CarriedValues.places(ofBody: folded.body, limits: self.jsonLimits)
        places["status"] = Array(String(folded.status).utf8)
        for field in folded.fields { places["header:" + field.name] = Array(field.value.utf8) }
        return places
    }
}
