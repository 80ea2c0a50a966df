/// A JSON value as the stand-ins hold it: deliberately not the gateway's own JSON, so that the two check each other.
///
/// `SandboxJSONReader` reads it, `SandboxJSON+Writing.swift` writes it. Numbers keep their spelling, members their
/// order.
indirect enum SandboxJSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([SandboxJSON])
    case object(SandboxObject)

    var object: SandboxObject? {
        if case .object(let object) = self { return object }
        return nil
    }

    var array: [SandboxJSON]? {
        if case .array(let elements) = self { return elements }
        return nil
    }

    var string: String? {
        if case .string(let string) = self { return string }
        return nil
    }

    var bool: Bool? {
        if case .bool(let bool) = self { return bool }
        return nil
    }

    var integer: Int? {
        if case .number(let spelling) = self { return Int(spelling) }
        return nil
    }

    /// `[]`, `{}`, `""` or null: what SoftwareOne leaves out of its answers.
    var isEmpty: Bool {
        switch self {
        case .null: true
        case .string(let string): string.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let object): object.isEmpty
        case .bool, .number: false
        }
    }

    /// The kind in the words of JSON Schema; integers are told from other numbers, as validators do.
    var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number(let spelling): Int(spelling) == nil ? "number" : "integer"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// The member of that name, when this is an object that has one.
    subscript(name: String) -> SandboxJSON? { self.object?[name] }
}

extension SandboxJSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int) { self = .number(String(value)) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: SandboxJSON...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, SandboxJSON)...) {
        self = .object(SandboxObject(elements.map { SandboxObject.Member(name: $0.0, value: $0.1) }))
    }

    init(_ integer: Int) { self = .number(String(integer)) }
    init(_ string: String?) { self = string.map { .string($0) } ?? .null }
    init(_ strings: [String]) { self = .array(strings.map { .string($0) }) }
}
