package import GatewayTranslation

/// What a caller would be answered for one vendor's answer: for the command `fold` and the workbench. Not for requests,
/// whose answers `Answering` makes.
package struct FoldedDocument {
    package let status: Int
    package let fields: [(name: String, value: String)]
    /// The canonical product or the problem, as JSON.
    package let body: [UInt8]

    /// - Parameter requestID: visible ASCII, without a quote and without a backslash.
    package init(
        _ folded: FoldedAnswer, of vendorAnswer: VendorAnswer, operation: ProductOperation, target: String,
        requestID: String
    ) {
        switch folded {
        case .product(let answer):
            let isCreated = operation == .create
            self.status = isCreated ? 201 : 200
            var fields = [(name: "content-type", value: CanonicalAnswer.mediaType)]
            if isCreated, let id = answer.id {
                let segment = String(decoding: ProductID.pathSegment(of: id), as: UTF8.self)
                fields.append(("location", "/v1/products/\(segment)?target=\(target)"))
            }
            if let etag = vendorAnswer.etag { fields.append(("etag", etag)) }
            self.fields = fields
            self.body = Array(requestID.utf8).withUnsafeBufferPointer { answer.json(target: target, requestID: $0) }
        case .problem(let problem):
            self.status = problem.status
            var fields = [(name: "content-type", value: Problem.mediaType)]
            if let seconds = problem.retryAfterSeconds { fields.append(("retry-after", String(seconds))) }
            fields.append(("proxy-status", ProxyStatus.value(for: problem)))
            self.fields = fields
            self.body = problem.json(requestID: requestID)
        }
    }
}
