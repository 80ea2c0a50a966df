/// Where a top-level member of the canonical document leads.
enum CanonicalNames {
    /// Values of the table: up to this, an index into `CanonicalProduct.fields`.
    static let leafMax = 63
    static let vendorFields = 200
    static let ids = 201
    /// From here on, an index into `containers`.
    static let firstContainer = 100

    /// A member whose own members are fields: `billing`.
    struct Container: Sendable {
        let name: String
        let names: NameTable
        let leaves: [Int]
        let memberNames: [String]
    }

    static let containers: [Container] = {
        var order: [String] = []
        for field in CanonicalProduct.fields where field.tokens.count == 2 && !order.contains(field.tokens[0]) {
            order.append(field.tokens[0])
        }
        return order.map { name in
            let leaves = CanonicalProduct.fields.indices.filter {
                CanonicalProduct.fields[$0].tokens.count == 2 && CanonicalProduct.fields[$0].tokens[0] == name
            }
            let members = leaves.map { (name: CanonicalProduct.fields[$0].tokens[1], value: $0) }
            return Container(
                name: name, names: NameTable(members), leaves: leaves, memberNames: members.map(\.name))
        }
    }()

    static let topLevel: NameTable = {
        var names: [(name: String, value: Int)] = []
        for (index, field) in CanonicalProduct.fields.enumerated() where field.tokens.count == 1 {
            names.append((field.tokens[0], index))
        }
        for (index, container) in CanonicalNames.containers.enumerated() {
            names.append((container.name, CanonicalNames.firstContainer + index))
        }
        names.append(("vendorFields", CanonicalNames.vendorFields))
        names.append(("ids", CanonicalNames.ids))
        return NameTable(names)
    }()

    /// For "did you mean".
    static let topLevelNames: [String] =
        CanonicalProduct.fields.filter { $0.tokens.count == 1 }.map { $0.tokens[0] }
        + containers.map(\.name) + ["vendorFields", "ids"]
}
