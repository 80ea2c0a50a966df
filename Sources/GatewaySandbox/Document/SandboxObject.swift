/// A JSON object that keeps its members in order. Lookup is linear: a product has a dozen members.
struct SandboxObject: Sendable {
    struct Member: Sendable {
        var name: String
        var value: SandboxJSON
    }

    private(set) var members: [Member]

    init(_ members: [Member] = []) {
        self.members = members
    }

    var isEmpty: Bool { self.members.isEmpty }
    var count: Int { self.members.count }
    var names: [String] { self.members.map(\.name) }

    /// Setting nil removes the member; a new member goes to the end, a known one stays where it is.
    subscript(name: String) -> SandboxJSON? {
        get {
            for member in self.members where member.name == name { return member.value }
            return nil
        }
        set {
            let index = self.members.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): self.members[index].value = value
            case (let index?, nil): self.members.remove(at: index)
            case (nil, let value?): self.members.append(Member(name: name, value: value))
            case (nil, nil): break
            }
        }
    }
}

extension SandboxObject: Equatable {
    /// The order of members means nothing in JSON (RFC 8259 section 4).
    static func == (left: SandboxObject, right: SandboxObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.name] == $0.value }
    }
}

extension SandboxObject: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (String, SandboxJSON)...) {
        self.members = elements.map { Member(name: $0.0, value: $0.1) }
    }
}
