import GatewayDocuments
import GatewayJSON

/// Something that a caller may do.
package struct AccessRule: Sendable, Equatable {
    /// Nil: all targets.
    package var targets: [String]?
    /// Nil: all operations.
    package var operations: [CallerOperation]?
    package var fields: FieldSelection

    package init(targets: [String]?, operations: [CallerOperation]?, fields: FieldSelection) {
        self.targets = targets
        self.operations = operations
        self.fields = fields
    }
}

/// What can be allowed.
package enum CallerOperation: String, Sendable, CaseIterable {
    case update, create, read, dryRun
}

/// Which members of an update a rule is about, by pointers.
package enum FieldSelection: Sendable, Equatable {
    case all
    case only([String])
    case except([String])
}

extension ValueKind where Value == [AccessRule] {
    static var accessRules: ValueKind {
        let expected = "a list of rules such as [{\"targets\": [\"cor\"], \"operations\": [\"update\"]}]"
        return ValueKind(
            typeName: "list of rules", schema: [.init("type", "array"), .init("items", Self.schema)],
            expected: expected,
            read: { place, _ in
                guard place.node?.kind == .array else {
                    place.refuse(expected: expected, .array)
                    return nil
                }
                return place.elements.compactMap { AccessRule.read($0) }
            },
            render: { .array($0.map(\.rendered)) })
    }

    private static var schema: RenderedValue {
        let pointers: RenderedValue = [
            "type": "array", "minItems": 1, "items": ["type": "string", "pattern": "^(/([^~/]|~[01])+)+$"],
        ]
        let operations = CallerOperation.allCases.map { RenderedValue.string($0.rawValue) }
        return [
            "type": "object", "additionalProperties": false,
            "properties": [
                "targets": ["type": "array", "minItems": 1, "items": ["type": "string", "minLength": 1]],
                "operations": ["type": "array", "minItems": 1, "items": ["enum": .array(operations)]],
                "fields": [
                    "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false,
                    "properties": ["only": pointers, "except": pointers],
                ],
            ],
        ]
    }
}

extension AccessRule {
    fileprivate static func read(_ place: Place) -> AccessRule? {
        place.readObject { members in
            let targets = members.optional("targets").map { Self.list($0) { $0.text() } }
            let operations = members.optional("operations").map { Self.list($0) { $0.choice(CallerOperation.self) } }
            let fields = members.optional("fields").map(Self.fields) ?? .all
            guard members.node != nil else { return nil }
            return AccessRule(targets: targets, operations: operations, fields: fields)
        }
    }

    /// An empty list would be a rule that allows nothing.
    private static func list<Value: Equatable>(_ place: Place, _ read: (Place) -> Value?) -> [Value] {
        if place.node?.kind == .array, place.elements.isEmpty {
            place.refuse("is empty: the rule would allow nothing; leave the key out to mean all")
        }
        var values: [Value] = []
        for element in place.elements {
            guard let value = read(element) else { continue }
            if values.contains(value) {
                element.refuse("\(element.found) stands in this list twice")
            } else {
                values.append(value)
            }
        }
        return values
    }

    private static func fields(_ place: Place) -> FieldSelection {
        place.readObject { members in
            members.requireExactlyOne(["only", "except"])
            let only = members.optional("only").map { Self.list($0, Self.pointer) }
            let except = members.optional("except").map { Self.list($0, Self.pointer) }
            return only.map { .only($0) } ?? except.map { .except($0) } ?? .only([])
        }
    }

    private static func pointer(_ place: Place) -> String? {
        if let text = place.node?.string, let tokens = JSONPointer.tokens(text), !tokens.isEmpty,
            !tokens.contains("")
        {
            return text
        }
        place.refuse(expected: "a pointer into the product such as \"/billing\"", .string)
        return nil
    }

    fileprivate var rendered: RenderedValue {
        func texts(_ texts: [String]) -> RenderedValue { .array(texts.map { .string($0) }) }
        var members: [RenderedValue.Member] = []
        if let targets = self.targets { members.append(.init("targets", texts(targets))) }
        if let operations = self.operations { members.append(.init("operations", texts(operations.map(\.rawValue)))) }
        switch self.fields {
        case .all: break
        case .only(let pointers): members.append(.init("fields", .object([.init("only", texts(pointers))])))
        case .except(let pointers): members.append(.init("fields", .object([.init("except", texts(pointers))])))
        }
        return .object(members)
    }
}
