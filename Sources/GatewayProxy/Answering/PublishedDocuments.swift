import GatewayJSON
import GatewayTranslation
import Synchronization

/// What the gateway serves for reading: its targets, its schemas, what its errors mean. The long documents are written
/// once, when the configuration is read; a target's matrix when somebody asks, because there may be a thousand targets,
/// and whatever is for a caller with rules, because it sees no more than they allow.
final class PublishedDocuments: Sendable {
    private let targets: TargetDirectory
    private let particulars: OpenAPIDocument.Particulars
    private let targetList: [UInt8]
    private let openAPI: [UInt8]
    /// For callers that see only some of the targets, by the names of those.
    private let openAPIByTargets = Mutex<[[String]: [UInt8]]>([:])

    /// - Parameter proofs: what proves who a caller is; nil where callers need not identify themselves.
    init(targets: TargetDirectory, limits: GatewayLimits, proofs: AcceptedProofs? = nil) {
        self.targets = targets
        self.targetList = Self.list(of: targets, for: nil)
        self.particulars = OpenAPIDocument.Particulars(
            version: GatewayVersion.string, targets: targets.all.map(\.name), defaultTarget: targets.defaultName,
            targetsMax: limits.targetsMax, requestBytesMax: limits.requestBodyBytesMax,
            answersInVendorWords: targets.all.contains(where: \.answersInVendorWords), proofs: proofs)
        self.openAPI = OpenAPIDocument.json(self.particulars)
    }

    /// The answer to a request that only reads.
    ///
    /// - Parameter caller: is shown what it may do; nil for a caller that need not identify itself.
    func answer(to route: Route, for caller: Caller?, requestID: RequestID) -> Answer {
        switch route {
        case .targets:
            let list = caller?.access == nil ? self.targetList : Self.list(of: self.targets, for: caller)
            return Answer(status: 200, contentType: .json, body: list)
        case .target(let name):
            switch self.matrix(of: name, for: caller) {
            case .success(let matrix): return Answer(status: 200, contentType: .json, body: matrix)
            case .failure(let problem): return Answer(problem, requestID: requestID.string)
            }
        case .openAPI:
            return Answer(status: 200, contentType: .openAPI, body: self.openAPI(for: caller))
        case .productSchema:
            return Answer(status: 200, contentType: .schema, body: ProductSchema.json())
        case .problem(let code):
            guard let known = ProblemCode(rawValue: code) else {
                return Answer(
                    Problem(.notFound, detail: "There is no problem code \"\(code.abridged)\"."),
                    requestID: requestID.string)
            }
            return Answer(status: 200, contentType: .json, body: ProblemPage.json(known))
        case .update, .create, .stream, .streamRecord, .read:
            return Answer(
                Problem(.notFound, detail: "There is nothing to read at this path."),
                requestID: requestID.string)
        }
    }

    /// The targets where a caller may do something, with what it may do there.
    private static func list(of targets: TargetDirectory, for caller: Caller?) -> [UInt8] {
        let visible = targets.visible(to: caller)
        var writer = JSONWriter(reservingCapacity: 1024)
        writer.object { writer in
            writer.array("targets") { writer in
                for target in visible {
                    let grants = caller?.grants(at: target.name)
                    writer.object { writer in
                        writer.member("name", target.name)
                        writer.member("dialect", target.plan.dialectName)
                        writer.member("title", target.plan.dialectTitle)
                        writer.array("operations") { writer in
                            for operation in ProductOperation.allCases
                            where target.plan.supports(operation) && grants?.shows(operation) != false {
                                writer.string(operation.rawValue)
                            }
                        }
                        writer.member("href", "/v1/targets/\(target.name)")
                    }
                }
            }
            if let name = targets.defaultName, visible.contains(where: { $0.name == name }) {
                writer.member("defaultTarget", name)
            }
        }
        return writer.bytes
    }

    private func matrix(of name: String, for caller: Caller?) -> Result<[UInt8], Problem> {
        guard let target = self.targets[name] else {
            return .failure(self.targets.problem(.unknown(name), for: caller))
        }
        guard let caller else { return .success(target.plan.capabilityMatrix()) }
        guard caller.access?.knows(name) != false else {
            return .failure(
                Problem(.forbidden, detail: "The caller \(caller.name) may do nothing at \(name).", target: name))
        }
        return .success(target.plan.capabilityMatrix(for: caller.grants(at: name)))
    }

    /// Writing the document takes as long as some hundred exchanges, so that it is kept for callers who see the same.
    private func openAPI(for caller: Caller?) -> [UInt8] {
        guard caller?.access != nil else { return self.openAPI }
        let visible = self.targets.visible(to: caller)
        guard visible.count < self.targets.all.count else { return self.openAPI }
        let names = visible.map(\.name)
        if let kept = self.openAPIByTargets.withLock({ $0[names] }) { return kept }
        var particulars = self.particulars
        particulars.targets = names
        particulars.defaultTarget = particulars.defaultTarget.flatMap { names.contains($0) ? $0 : nil }
        particulars.answersInVendorWords = visible.contains(where: \.answersInVendorWords)
        let document = OpenAPIDocument.json(particulars)
        self.openAPIByTargets.withLock { kept in
            if kept.count < Self.keptDocumentsMax { kept[names] = document }
        }
        return document
    }

    /// Of some hundred kilobytes each. Who may do what comes in a few kinds; a kind more is written anew.
    private static let keptDocumentsMax = 16
}
