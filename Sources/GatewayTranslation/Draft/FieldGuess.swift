import GatewayDocuments
import GatewayJSON

/// Finds the canonical fields in an example by the names that vendors usually give them.
struct FieldGuess {
    /// Tokens to the object of the fields.
    let place: [String]
    struct Member {
        /// Canonical.
        let pointer: String
        /// Within the object.
        let vendor: String
        /// Further members of the field in the dialect, each behind a comma: the form that the example has.
        let form: String
    }

    let members: [Member]
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
        "/images": ["images", "pictures", "media", "image", "imageurl"],
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
        var members: [Member] = []
        var left: [String] = []
        for member in best.node.members {
            let pointer = Self.pointer(of: member.name)
            let vendor = "/" + JSONPointer.escape(member.name)
            if let pointer, !members.contains(where: { $0.pointer == pointer }),
                let form = Self.form(of: pointer, as: member.value)
            {
                members.append(Member(pointer: pointer, vendor: vendor, form: form))
            } else if member.name.lowercased() != "id" {
                left.append(vendor)
            }
        }
        self.place = best.place
        self.members = members
        self.left = left
        self.id = Self.id(in: root, place: best.place)
    }

    /// How a field has to be written to look like the example; nil where no form of the format does.
    private static func form(of pointer: String, as value: JSONNode) -> String? {
        guard let shape = CanonicalProduct.index(of: pointer).map({ CanonicalProduct.fields[$0].shape }) else {
            return nil
        }
        switch value.kind {
        case .null: return ""
        case .number where pointer == "/price/amount" || pointer == "/weight/value": return ", \"as\": \"number\""
        case .string where pointer == "/price/amount" || pointer == "/weight/value": return ", \"as\": \"text\""
        case .number where shape.types.contains(.string): return ", \"as\": \"number\""
        case .string where shape.types.contains(.string): return ""
        case .string where pointer == "/tags": return ", \"as\": \"joined\""
        case .string where pointer == "/images": return ", \"as\": \"single\", \"entries\": \"{/url}\""
        case .object where shape.isMap: return ""
        case .array where shape.types.contains(.array): return self.elements(of: pointer, as: value)
        default: return nil
        }
    }

    /// Of a list: whether its elements look like the canonical ones, or what they look like.
    private static func elements(of pointer: String, as list: JSONNode) -> String? {
        let member = pointer == "/images" ? "{/url}" : "{value}"
        guard let first = list.elements.first else { return "" }
        switch first.kind {
        case .string: return pointer == "/images" ? ", \"entries\": \"\(member)\"" : ""
        case .object:
            let names =
                pointer == "/images" ? ["url", "src", "image_url", "href"] : ["name", "value", "label", "title"]
            guard let name = names.first(where: { first[$0]?.kind == .string }) else { return nil }
            return ", \"entries\": { \(DialectDraft.quoted(name)): \"\(member)\" }"
        default: return nil
        }
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
