import GatewayDocuments
import GatewayJSON
import GatewayTranslation

/// Answers the workbench's page: what each target would be sent, and what a vendor's answer becomes. It has the
/// gateway's own translator and no connection: nothing is ever sent.
///
/// Confined to one thread.
final class Workbench {
    /// An answer, in JSON; or why there is none.
    typealias Reply = Result<[UInt8], WorkbenchQuestion.Mistake>

    let targets: WorkbenchTargets
    /// In the place of a request's id, which only requests have.
    static let requestID = "workbench"
    /// Of a document or an answer: hundreds of times a real product. What is larger is refused as it would be anyway,
    /// or not looked at while somebody types.
    static let textBytesMax = 128 << 10
    /// Targets in one question: more are not read side by side.
    static let targetsMax = 16

    init(_ targets: WorkbenchTargets) {
        self.targets = targets
    }

    func answer(_ name: Substring, _ body: [UInt8]) -> Reply? {
        do throws(WorkbenchQuestion.Mistake) {
            switch name {
            case "translate": return .success(try self.translate(WorkbenchQuestion(body, limits: .exchange)))
            case "fold": return .success(try self.fold(WorkbenchQuestion(body, limits: .exchange)))
            default: return nil
            }
        } catch {
            return .failure(error)
        }
    }

    // MARK: Where to begin

    /// The targets, and examples for each dialect among them.
    func start() -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 16384)
        writer.object { writer in
            if let name = self.targets.defaultName { writer.member("defaultTarget", name) }
            writer.member("targetsMax", Self.targetsMax)
            writer.array("targets") { writer in
                for target in self.targets.all {
                    writer.object { writer in
                        writer.member("name", target.name)
                        writer.member("dialect", target.plan.dialectName)
                        writer.member("vendor", target.plan.dialectTitle)
                        writer.member("handling", target.plan.options.handling.rawValue)
                    }
                }
            }
            writer.array("examples") { writer in
                for example in WorkbenchExample.all(for: self.targets.all.map(\.plan)) { example.write(to: &writer) }
            }
        }
        return writer.bytes
    }

    // MARK: Translate

    private func translate(_ question: WorkbenchQuestion) throws(WorkbenchQuestion.Mistake) -> [UInt8] {
        let document = try Self.bytes(of: question, "document")
        let operation = try question.operation()
        let id = try question.text("id").flatMap { $0.isEmpty ? nil : Array($0.utf8) }
        let handling = try question.handling()
        let names = try question.texts("targets") ?? self.targets.all.prefix(Self.targetsMax).map(\.name)
        guard names.count <= Self.targetsMax else {
            throw WorkbenchQuestion.Mistake(sentence: "targets has at most \(Self.targetsMax) names")
        }
        var chosen: [Target] = []
        for name in names { chosen.append(try self.target(name)) }
        let translation = WorkbenchTranslation(
            document: document, operation: operation, id: id, handling: handling, limits: self.targets.limits)
        return translation.json(for: chosen)
    }

    private static func bytes(
        of question: WorkbenchQuestion, _ name: String
    ) throws(WorkbenchQuestion.Mistake) -> [UInt8] {
        let bytes = Array((try question.text(name) ?? "").utf8)
        guard bytes.count <= Self.textBytesMax else {
            throw WorkbenchQuestion.Mistake(
                sentence: "\(name) is longer than the \(Self.textBytesMax) bytes that the workbench takes")
        }
        return bytes
    }

    private func target(_ name: String) throws(WorkbenchQuestion.Mistake) -> Target {
        guard let target = self.targets[name] else {
            throw WorkbenchQuestion.Mistake(sentence: "there is no target \"\(name)\"")
        }
        return target
    }

    // MARK: Fold

    private func fold(_ question: WorkbenchQuestion) throws(WorkbenchQuestion.Mistake) -> [UInt8] {
        guard let name = try question.text("target") else {
            throw WorkbenchQuestion.Mistake(sentence: "target says whose answer it is")
        }
        let target = try self.target(name)
        let status = try question.integer("status") ?? 200
        // RFC 9110 section 15: three digits; 1xx are no final answers.
        guard (200...599).contains(status) else {
            throw WorkbenchQuestion.Mistake(sentence: "status is a final HTTP status from 200 to 599")
        }
        let fold = WorkbenchFold(
            target: target, operation: try question.operation(), status: status, fields: try question.fields("headers"),
            isComplete: try !question.flag("truncated"), id: try question.text("id").map { Array($0.utf8) },
            document: try Self.bytes(of: question, "document"), handling: try question.handling(),
            limits: self.targets.limits)
        return fold.json(of: try Self.bytes(of: question, "body"))
    }
}
