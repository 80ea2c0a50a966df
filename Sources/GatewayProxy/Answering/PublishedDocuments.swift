import GatewayJSON
import GatewayTranslation

/// What the gateway serves for reading: its targets, its schemas, what its errors mean. Written once, when the
/// configuration is read.
final class PublishedDocuments: Sendable {
    private let targets: TargetDirectory
    private let targetList: [UInt8]
    private let matrices: [String: [UInt8]]
    private let openAPI: [UInt8]

    /// - Parameter proofs: what proves who a caller is; nil where nobody has to.
    init(targets: TargetDirectory, limits: GatewayLimits, proofs: AcceptedProofs? = nil) {
        self.targets = targets
        var writer = JSONWriter(reservingCapacity: 1024)
        writer.beginObject()
        writer.name("targets")
        writer.beginArray()
        for target in targets.all {
            writer.beginObject()
            writer.member("name", target.name)
            writer.member("dialect", target.plan.dialectName)
            writer.member("title", target.plan.dialectTitle)
            writer.name("operations")
            writer.beginArray()
            for operation in ProductOperation.allCases where target.plan.supports(operation) {
                writer.string(operation.rawValue)
            }
            writer.endArray()
            writer.member("href", "/v1/targets/\(target.name)")
            writer.endObject()
        }
        writer.endArray()
        if let name = targets.defaultName { writer.member("defaultTarget", name) }
        writer.endObject()
        self.targetList = writer.bytes
        self.matrices = Dictionary(
            targets.all.map { ($0.name, $0.plan.capabilityMatrix()) },
            uniquingKeysWith: { first, _ in first })
        self.openAPI = OpenAPIDocument.json(
            OpenAPIDocument.Particulars(
                version: GatewayVersion.string, targets: targets.all.map(\.name), defaultTarget: targets.defaultName,
                targetsMax: limits.targetsMax, requestBytesMax: limits.requestBodyBytesMax,
                answersInVendorWords: targets.all.contains(where: \.answersInVendorWords), proofs: proofs))
    }

    /// The answer to a request that only reads.
    ///
    /// - Parameter caller: sees what it may do itself; nil for one that nobody has to know.
    func answer(to route: Route, for caller: Caller?, requestID: RequestID) -> Answer {
        let requestID = requestID.string
        switch route {
        case .targets:
            return Answer(status: 200, contentType: .json, body: self.targetList)
        case .target(let name):
            guard let matrix = self.matrices[name] else {
                return Answer(
                    TargetDirectory.unknown(name, known: self.targets.names), requestID: requestID)
            }
            guard let caller, let target = self.targets[name] else {
                return Answer(status: 200, contentType: .json, body: matrix)
            }
            return Answer(
                status: 200, contentType: .json, body: target.plan.capabilityMatrix(for: caller.grants(at: name)))
        case .openAPI:
            return Answer(status: 200, contentType: .openAPI, body: self.openAPI)
        case .productSchema:
            return Answer(status: 200, contentType: .schema, body: ProductSchema.json())
        case .problem(let code):
            guard let known = ProblemCode(rawValue: code) else {
                return Answer(
                    Problem(.notFound, detail: "There is no problem code \"\(code.abridged)\"."),
                    requestID: requestID)
            }
            return Answer(status: 200, contentType: .json, body: ProblemPage.json(known))
        case .update, .create, .stream, .streamRecord, .read:
            return Answer(
                Problem(.notFound, detail: "There is nothing to read at this path."),
                requestID: requestID)
        }
    }
}
