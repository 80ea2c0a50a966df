import GatewayDocuments
import GatewayJSON

/// Finds the canonical fields in an example by the names that vendors usually give them.
struct FieldGuess {
    /// Tokens to the object of the fields.
    let place: [String]
    /// Canonical pointer, the vendor's pointer within the object, and words for a closed list.
    let members: [(pointer: String, vendor: String, values: String)]
    /// What was not placed.
    let left: [String]
    /// Tokens to what is probably the id.
    let id: [String]?

    /// Usual names, as `Suggestion.folded` gives them.
    private static let names: [String: [String]] = [
        "/name": ["name", "title", "displayname", "productname", "label"],
        "/description": ["description", "longdescription", "bodyhtml", "descriptionhtml", "text", "longtext"],
        "/shortDescription": ["shortdescription", "summary", "subtitle", "shorttext", "excerpt"],
        "/sku": ["sku", "articleno", "articlenumber", "itemnumber", "number", "productcode", "stockkeepingunit"],
        "/slug": ["slug", "handle", "urlkey", "permalink"],
        "/gtin": ["gtin", "ean", "upc", "barcode", "upcean"],
        "/mpn": ["mpn", "manufacturerpartnumber"],
        "/externalRef": ["externalref", "externalid", "externalreference", "foreignid"],
        "/website": ["website", "url", "link", "producturl"],
        "/tags": ["tags", "keywords", "labels"],
        "/brand": ["brand", "brandname", "vendor", "manufacturer"],
        "/price/amount": ["price", "amount", "regularprice", "unitprice"],
        "/price/currency": ["currency", "currencycode"],
        "/weight/value": ["weight"],
        "/images": ["images", "pictures", "media"],
        "/customFields": ["customfields", "metadata", "extra", "properties", "extensions"],
        "/seo/title": ["seotitle", "metatitle", "pagetitle"],
        "/seo/description": ["seodescription", "metadescription"],
    ]

    private static func pointer(of name: String) -> String? {
        let folded = String(decoding: Suggestion.folded(name), as: UTF8.self)
        return self.names.first { $0.value.contains(folded) }?.key
    }

    init(in root: JSONNode) {
        var best: (place: [String], node: JSONNode, count: Int) = ([], root, -1)
        Self.forEachObject(in: root, at: []) { place, node in
            let count = node.members.count { Self.pointer(of: $0.name) != nil }
            if count > best.count { best = (place, node, count) }
        }
        var members: [(pointer: String, vendor: String, values: String)] = []
        var left: [String] = []
        for member in best.node.members {
            let pointer = Self.pointer(of: member.name)
            if let pointer, !members.contains(where: { $0.pointer == pointer }) {
                members.append((pointer, "/" + JSONPointer.escape(member.name), ""))
            } else if member.name.lowercased() != "id" {
                left.append("/" + JSONPointer.escape(member.name))
            }
        }
        self.place = best.place
        self.members = members.isEmpty ? [("/name", "/name", "")] : members
        self.left = left
        self.id = Self.id(in: root, place: best.place)
    }

    /// The nearest member called id, from the object of the fields outwards.
    private static func id(in root: JSONNode, place: [String]) -> [String]? {
        for depth in (0...place.count).reversed() {
            let path = Array(place.prefix(depth))
            let node = path.reduce(Optional(root)) { $0?[$1] }
            if let name = node?.members.first(where: { ["id", "_id", "Id", "ID", "uuid"].contains($0.name) })?.name {
                return path + [name]
            }
        }
        return nil
    }

    /// Recursive; the parser's depth limit bounds it.
    private static func forEachObject(
        in node: JSONNode, at place: [String], _ body: ([String], JSONNode) -> Void
    ) {
        guard node.kind == .object else { return }
        body(place, node)
        for member in node.members { self.forEachObject(in: member.value, at: place + [member.name], body) }
    }
}

/// Finds where an example of an error has its parts.
struct ErrorGuess {
    private let items: String?
    private let root: JSONNode

    init(in root: JSONNode) {
        self.root = root
        let list = root.kind == .object ? root.members.first { $0.value.kind == .array } : nil
        self.items = root.kind == .array ? "" : list.map { "/" + JSONPointer.escape($0.name) }
    }

    func write(to writer: inout JSONPretty) {
        writer.open("\"errors\": {")
        if let items { writer.member("items", "[\(DialectDraft.quoted(items))]") }
        let item = self.items.flatMap { items in
            items.isEmpty
                ? self.root.elements.first : self.root.members.first { "/" + $0.name == items }?.value.elements.first
        }
        for (name, known) in [
            ("code", ["code", "errorCode", "error_code", "type"]), ("detail", ["detail", "message", "description"]),
            ("field", ["field", "path", "property", "param", "pointer", "target"]),
        ] {
            let found = known.filter { name in
                [item, self.root].contains { node in node?.kind == .object && node?[name] != nil }
            }
            if let first = found.first { writer.member(name, "[\(DialectDraft.quoted("/" + first))]") }
        }
        writer.close("}")
    }
}
