/// Places in a document, as RFC 6901 pointers.
extension SandboxJSON {
    static func tokens(_ pointer: String) -> [String] {
        pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            String($0).replacing("~1", with: "/").replacing("~0", with: "~")
        }
    }

    func value(at tokens: ArraySlice<String>) -> SandboxJSON? {
        guard let name = tokens.first else { return self }
        switch self {
        case .object(let object): return object[name]?.value(at: tokens.dropFirst())
        case .array(let elements):
            guard let index = Int(name), elements.indices.contains(index) else { return nil }
            return elements[index].value(at: tokens.dropFirst())
        default: return nil
        }
    }

    func value(at pointer: String) -> SandboxJSON? { self.value(at: Self.tokens(pointer)[...]) }

    /// This document with a value set, objects made on the way.
    func setting(_ tokens: ArraySlice<String>, to value: SandboxJSON) -> SandboxJSON {
        guard let name = tokens.first else { return value }
        if case .array(var elements) = self, let index = Int(name), elements.indices.contains(index) {
            elements[index] = elements[index].setting(tokens.dropFirst(), to: value)
            return .array(elements)
        }
        var object = self.object ?? SandboxObject()
        object[name] = (object[name] ?? .object(SandboxObject())).setting(tokens.dropFirst(), to: value)
        return .object(object)
    }

    func setting(_ pointer: String, to value: SandboxJSON) -> SandboxJSON {
        self.setting(Self.tokens(pointer)[...], to: value)
    }

    /// This document with another one laid over it. `keys` names, by the name of a list, the member that tells its
    /// elements from each other: such lists are merged, others replaced.
    func merged(with other: SandboxJSON, keys: [String: String] = [:]) -> SandboxJSON {
        guard case .object(var object) = self, case .object(let over) = other else { return other }
        for member in over.members {
            let old = object[member.name] ?? .null
            if let key = keys[member.name], case .array(let elements) = old, case .array(let new) = member.value {
                object[member.name] = .array(Self.merged(elements, with: new, key: key))
            } else {
                object[member.name] = old.merged(with: member.value, keys: keys)
            }
        }
        return .object(object)
    }

    private static func merged(_ old: [SandboxJSON], with new: [SandboxJSON], key: String) -> [SandboxJSON] {
        var result = old
        for element in new {
            if let index = result.firstIndex(where: { $0.object?[key] == element.object?[key] }) {
                result[index] = result[index].merged(with: element)
            } else {
                result.append(element)
            }
        }
        return result
    }

    /// Every text that is `name`, replaced by a value; within texts, by its words.
    func filling(_ name: String, with value: SandboxJSON) -> SandboxJSON {
        switch self {
        case .string(let text) where text == name: return value
        case .string(let text): return .string(text.replacing(name, with: value.string ?? ""))
        case .array(let elements): return .array(elements.map { $0.filling(name, with: value) })
        case .object(let object):
            return .object(
                SandboxObject(
                    object.members.map { .init(name: $0.name, value: $0.value.filling(name, with: value)) }))
        default: return self
        }
    }
}
