import GatewayDocuments
import GatewayJSON

/// Finds where an example of an error has its parts: a list of single errors, or one object, wherever it stands.
struct ErrorGuess {
    private let root: JSONNode
    /// Tokens to the list of single errors; nil where there is none.
    private let list: [String]?
    /// What has the parts: one of the list, or the object that says something.
    private let item: JSONNode?
    /// Tokens to it from the answer's root, where it is none of a list.
    private let place: [String]

    /// Tried in order.
    private static let parts: [(member: String, names: [String])] = [
        ("code", ["code", "errorCode", "error_code", "type", "key"]),
        ("detail", ["detail", "message", "description", "msg", "reason", "errorMessage"]),
        ("field", ["field", "path", "property", "param", "pointer", "target"]),
    ]

    init(in root: JSONNode) {
        self.root = root
        var list: (tokens: [String], first: JSONNode)?
        var object: (tokens: [String], node: JSONNode)?
        Self.forEach(in: root, at: []) { tokens, node in
            if list == nil, node.kind == .array, let first = node.elements.first,
                first.kind == .string || Self.saysSomething(first)
            {
                list = (tokens, first)
            }
            if object == nil, Self.saysSomething(node) { object = (tokens, node) }
        }
        self.list = list?.tokens
        self.item = list?.first ?? object?.node
        self.place = list == nil ? object?.tokens ?? [] : []
    }

    private static func saysSomething(_ node: JSONNode) -> Bool {
        node.kind == .object && self.parts[1].names.contains { node[$0]?.kind == .string }
    }

    /// Recursive; the parser's depth limit bounds it.
    private static func forEach(in node: JSONNode, at place: [String], _ body: ([String], JSONNode) -> Void) {
        body(place, node)
        guard node.kind == .object else { return }
        for member in node.members { self.forEach(in: member.value, at: place + [member.name], body) }
    }

    func write(to writer: inout JSONPretty) {
        var members: [(name: String, pointers: [String])] = []
        if let list { members.append(("items", [DialectDraft.pointer(list)])) }
        for part in Self.parts {
            var pointers: [String] = []
            if let item, item.kind == .object, let name = Self.name(of: part.names, in: item) {
                pointers.append(DialectDraft.pointer(self.place + [name]))
            }
            // Beside a list, the answer itself may say the same of the whole.
            if self.list != nil, self.root.kind == .object, let name = Self.name(of: part.names, in: self.root) {
                let pointer = DialectDraft.pointer([name])
                if !pointers.contains(pointer), !(self.list ?? []).starts(with: [name]) { pointers.append(pointer) }
            }
            if !pointers.isEmpty { members.append((part.member, pointers)) }
        }
        guard !members.isEmpty else { return }
        writer.open("\"errors\": {")
        for member in members {
            writer.member(member.name, "[\(member.pointers.map { DialectDraft.quoted($0) }.joined(separator: ", "))]")
        }
        writer.close("}")
    }

    private static func name(of names: [String], in node: JSONNode) -> String? {
        names.first { name in
            guard let kind = node[name]?.kind else { return false }
            return kind == .string || kind == .number || (kind == .array && name == "path")
        }
    }
}
