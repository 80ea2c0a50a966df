import ArgumentParser
import GatewayConfiguration
import GatewayDocuments
import GatewayProxy
import GatewayTranslation

/// `product-gateway explain`: what targets do with a field, or what a code means.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what each target does with a field, or what an error's code means and who has to act.",
        discussion: """
            EXAMPLES
              product-gateway explain /price/amount
              product-gateway explain /translations/de/name
              product-gateway explain vendor_unintelligible
              product-gateway explain cannot_clear

            EXIT CODES
              0  explained
              1  there is no such field or code, or the configuration has mistakes
              64 the command line cannot be understood
            """)

    @Option(
        help: ArgumentHelp(
            "The configuration file; otherwise gateway.json in this folder, or the built-in example.", valueName: "file"
        ))
    var config: String?

    @Argument(help: "A canonical pointer such as /name, or a code such as conflict or too_long.")
    var subject: String

    func run() throws {
        if self.subject.hasPrefix("/") { return try self.explainField() }
        if let code = ProblemCode(rawValue: self.subject) {
            Terminal.output("\(code.rawValue) (HTTP \(code.status)): \(code.title)\n")
            Terminal.output("means:   \(code.meaning.meaning)")
            Terminal.output("acts:    \(code.meaning.actor)")
            Terminal.output("advice:  \(code.meaning.advice)")
            return
        }
        if let code = FieldErrorCode(rawValue: self.subject) {
            Terminal.output("\(code.rawValue), of errors[] and warnings[]: \(code.meaning)")
            return
        }
        let codes = ProblemCode.allCases.map(\.rawValue) + FieldErrorCode.allCases.map(\.rawValue)
        let pointer = "/\(self.subject)"
        let closest =
            CanonicalProduct.index(of: pointer) == nil
            ? Suggestion.closest(to: self.subject, among: codes) : pointer
        let near = closest.map { "; did you mean \($0)?" } ?? ""
        Terminal.error("there is no code \"\(self.subject)\"\(near)")
        throw ExitCode.failure
    }

    private func explainField() throws {
        guard let (index, pointer) = Self.field(around: self.subject) else {
            let near = Suggestion.closest(to: self.subject, among: CanonicalProduct.fields.map(\.pointer))
            Terminal.error("there is no field \(self.subject)\(near.map { "; did you mean \($0)?" } ?? "")")
            throw ExitCode.failure
        }
        if pointer != self.subject { Terminal.output("\(self.subject) is in \(pointer).") }
        Terminal.output("\(pointer): \(CanonicalProduct.fields[index].description)\n")
        for plan in try self.plans().sorted(by: { $0.targetName < $1.targetName }) {
            for line in plan.explanation(of: index) { Terminal.output(line) }
        }
    }

    /// The field that a pointer leads to or into, as those of errors do: `/translations/de/name`.
    private static func field(around subject: String) -> (index: Int, pointer: String)? {
        if let index = CanonicalProduct.index(of: subject) { return (index, subject) }
        var pointer = subject[...]
        while let slash = pointer.lastIndex(of: "/"), slash > pointer.startIndex {
            pointer = pointer[..<slash]
            guard let index = CanonicalProduct.index(of: String(pointer)) else { continue }
            let holdsMore = !CanonicalProduct.fields[index].shape.types.isDisjoint(with: [.object, .array])
            return holdsMore ? (index, String(pointer)) : nil
        }
        return nil
    }

    private func plans() throws -> [TargetPlan] {
        let source = ChosenConfiguration(path: self.config, orExample: true)
        let inputs = source.inputs(secrets: .ignored)
        let result = Configuration.load(path: source.path, inputs: inputs)
        guard let configuration = result.configuration else {
            for diagnostic in result.diagnostics { Terminal.error("\(diagnostic)") }
            throw ExitCode.failure
        }
        return Array(ConfiguredTargets(configuration, file: source.path, inputs: inputs).plans.values)
    }
}
