import GatewayDocuments
import GatewayJSON

/// A target's options after they were found to fit its dialect.
struct ResolvedOptions: Sendable {
    let parameters: [String: String]
    /// Canonical indexes.
    let enabled: Set<Int>
    let clearable: Set<Int>
    let updateSemantics: UpdateSemantics

    /// Parameters without which there is none, rather than any.
    private let noneWithout: [String]

    /// Whether a parameter that is not given means that there is none of it, rather than any.
    func meansNone(_ name: String) -> Bool { self.noneWithout.contains(name) }

    func parameter(_ name: String) -> String { self.parameters[name] ?? "" }

    /// A text with its parameters filled in; other holes as they are written.
    func text(_ template: TextTemplate) -> String {
        template.parts.map { part in
            switch part {
            case .text(let text): text
            case .parameter(let name), .odataParameter(let name): self.parameter(name)
            default: "{}"
            }
        }.joined()
    }

    /// The one value of a field; nil where it is a parameter's that is not given.
    func text(of fixed: Dialect.FixedValue) -> String? {
        switch fixed {
        case .parameter(let name): self.parameters[name]
        case .text(let text): text
        }
    }

    /// A token of a vendor's pointer, its parameter filled in.
    func token(_ token: String) -> String {
        Dialect.parameter(ofToken: token).map { self.parameter($0) } ?? token
    }

    func quotedParameter(_ name: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(quoting: self.parameter(name))
        return bytes
    }

    /// Checks options against a dialect; every mistake at once.
    init(_ options: TargetOptions, dialect: Dialect) throws(TargetPlanError) {
        var errors: [TargetOptionError] = []
        var parameters = options.parameters
        for parameter in dialect.parameters where parameters[parameter.name] == nil {
            parameters[parameter.name] = parameter.fallback
        }
        self.parameters = parameters
        self.noneWithout = dialect.parameters.filter(\.meansNone).map(\.name)
        for (name, value) in options.parameters.sorted(by: { $0.key < $1.key }) {
            guard let parameter = dialect.parameters.first(where: { $0.name == name }) else {
                let known = dialect.parameters.map(\.name)
                let hint = known.isEmpty ? "it has none" : "it has " + known.joined(separator: ", ")
                errors.append(
                    .init(
                        option: .parameter(name),
                        message: "the dialect \(dialect.name) has no such parameter; \(hint)"))
                continue
            }
            // The one value of a field, which answers get: it has to be one.
            for field in dialect.fields {
                guard case .parameter(name)? = field.fixed,
                    let mistake = CanonicalProduct.fields[field.canonical].shape.mistake(in: value)
                else { continue }
                errors.append(.init(option: .parameter(name), message: mistake))
            }
            if let choices = parameter.choices, !choices.contains(value) {
                errors.append(
                    .init(
                        option: .parameter(name),
                        message: "expected one of \(choices.joined(separator: ", ")), found \"\(value)\""))
            }
        }
        self.enabled = Self.fields(options.enabledFields, { .enabledField($0) }, dialect, &errors) {
            $0.offReason != nil
        }
        self.clearable = Self.fields(options.clearableFields, { .clearableField($0) }, dialect, &errors) {
            !$0.operations.isEmpty
        }
        self.updateSemantics = options.updateSemantics ?? dialect.updateSemantics
        if self.updateSemantics == .replace, dialect.read == nil {
            errors.append(
                .init(
                    option: .updateSemantics,
                    message: "the dialect \(dialect.name) does not say how to read a product, so it cannot be merged"))
        }
        Self.checkNeeded(options, dialect, &errors)
        self.checkPaths(dialect, &errors)
        if !errors.isEmpty { throw TargetPlanError(errors: errors) }
    }

    /// A parameter in a path must stay in its place there, like an id.
    private func checkPaths(_ dialect: Dialect, _ errors: inout [TargetOptionError]) {
        var paths = dialect.operations.flatMap { operation in
            [operation.path] + operation.following.map(\.path) + [operation.preparation?.path].compactMap(\.self)
        }
        if let read = dialect.read { paths.append(read.path) }
        for name in Set(paths.flatMap(\.text.parameters)).sorted() {
            guard let value = self.parameters[name], let mistake = ProductID.mistake(in: Array(value.utf8)) else {
                continue
            }
            errors.append(.init(option: .parameter(name), message: "\(mistake), and it becomes a part of a path"))
        }
    }

    private static func fields(
        _ pointers: [String], _ option: (Int) -> TargetOptionError.Option, _ dialect: Dialect,
        _ errors: inout [TargetOptionError],
        where isPossible: (Dialect.Field) -> Bool
    ) -> Set<Int> {
        let possible = dialect.fields.filter(isPossible)
        var result: Set<Int> = []
        for (position, pointer) in pointers.enumerated() {
            if let index = CanonicalProduct.index(of: pointer), possible.contains(where: { $0.canonical == index }) {
                result.insert(index)
            } else {
                let known = possible.map { CanonicalProduct.fields[$0.canonical].pointer }
                let hint = known.isEmpty ? "none" : known.joined(separator: ", ")
                errors.append(
                    .init(
                        option: option(position),
                        message: "expected a field of \(dialect.name) that this can be said of (\(hint)), "
                            + "found \"\(pointer)\""))
            }
        }
        return result
    }

    /// Parameters that stand in a path or an envelope have no other source: they must be given.
    private static func checkNeeded(
        _ options: TargetOptions, _ dialect: Dialect, _ errors: inout [TargetOptionError]
    ) {
        var needed: Set<String> = []
        for operation in dialect.operations { needed.formUnion(operation.parameters) }
        if let read = dialect.read {
            needed.formUnion(read.path.parameters + read.headers.flatMap(\.value.parameters))
            needed.formUnion(read.body?.parameters ?? [])
        }
        for field in dialect.fields {
            needed.formUnion(field.neededParameters)
        }
        for name in needed.sorted() where options.parameters[name] == nil {
            let isKnown = dialect.parameters.contains { $0.name == name && $0.fallback != nil }
            if !isKnown {
                errors.append(.init(option: .parameter(name), message: "is needed by the dialect \(dialect.name)"))
            }
        }
    }
}
