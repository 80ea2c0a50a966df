/// The canonical product: the one table of its members.
///
/// To add a field: one row here, one row in the `fields` of each dialect that has it. Translation, folding, pointer
/// mapping, capability matrix, JSON Schema and OpenAPI follow.
package enum CanonicalProduct {
    package static let fields: [CanonicalField] = [
        CanonicalField(pointer: "/name", shape: .text, description: "The product's name."),
        CanonicalField(pointer: "/description", shape: .text, description: "The long description."),
        CanonicalField(pointer: "/shortDescription", shape: .text, description: "A summary, for lists."),
        CanonicalField(
            pointer: "/internalName", shape: .text, description: "A name that only the company itself sees."),
        CanonicalField(pointer: "/sku", shape: .text, description: "Stock keeping unit or article number."),
        CanonicalField(
            pointer: "/slug", shape: .text, description: "The part of a web address that names the product."),
        CanonicalField(
            pointer: "/gtin", shape: .text, description: "Global Trade Item Number (UPC, EAN), as text: zeros count."),
        CanonicalField(pointer: "/mpn", shape: .text, description: "The manufacturer's part number."),
        CanonicalField(
            pointer: "/externalRef", shape: .text, description: "The product's id in the company's own system."),
        CanonicalField(
            pointer: "/externalIds", shape: .map(of: .text), description: "Ids in further systems, by their name."),
        CanonicalField(
            pointer: "/status", shape: .choice("draft", "live", "archived"), description: "Where in its life it is."),
        CanonicalField(
            pointer: "/kind", shape: .choice("physical", "digital"), description: "Whether it is shipped."),
        CanonicalField(pointer: "/website", shape: .text, description: "The product's page."),
        CanonicalField(pointer: "/tags", shape: .list(of: .text), description: "Words to find it by."),
        CanonicalField(
            pointer: "/translations", shape: .map(of: .translation),
            description: "Name and description in other languages, by locale."),
        CanonicalField(
            pointer: "/families", shape: .list(of: .reference), description: "The product families it belongs to."),
        CanonicalField(
            pointer: "/billing/measurement", shape: .object, description: "What is counted to bill it."),
        CanonicalField(pointer: "/billing/taxGroup", shape: .object, description: "How it is taxed."),
        CanonicalField(
            pointer: "/billing/invoiceVisibility", shape: .text, description: "When it appears on invoices."),
        CanonicalField(
            pointer: "/billing/costCentre", shape: .object, description: "The cost centre its revenue goes to."),
        CanonicalField(
            pointer: "/components", shape: .map(of: .anything), description: "The parts of a bundle, by name."),
        CanonicalField(
            pointer: "/buildRules", shape: .object, description: "Which child products are built of it."),
        CanonicalField(
            pointer: "/customInputs", shape: .map(of: .anything), description: "What a shopper may enter, by name."),
        CanonicalField(
            pointer: "/customFields", shape: .map(of: .anything), description: "The company's own data, by name."),
        CanonicalField(
            pointer: "/price/amount", shape: .amount,
            description: "What one costs, as a decimal number; a text keeps every digit: \"12.50\"."),
        CanonicalField(
            pointer: "/price/currency",
            shape: Shape(types: .string, lengthMin: 3, lengthMax: 3, characters: CharacterRule.only("A-Z")),
            description: "The currency of the price (ISO 4217)."),
        CanonicalField(
            pointer: "/images", shape: .list(of: .image), description: "Pictures of the product, the main one first."),
        CanonicalField(
            pointer: "/weight/value", shape: .amount, description: "What one weighs, as a decimal number."),
        CanonicalField(
            pointer: "/weight/unit", shape: .choice("kg", "g", "lb", "oz"), description: "The unit of the weight."),
        CanonicalField(pointer: "/brand", shape: .text, description: "The brand's name."),
        CanonicalField(pointer: "/seo/title", shape: .text, description: "The title of the product's page."),
        CanonicalField(
            pointer: "/seo/description", shape: .text, description: "What search engines show of the product's page."),
        CanonicalField(
            pointer: "/variants", shape: .list(of: .variant), description: "The forms in which it is sold."),
        CanonicalField(pointer: "/clientId", shape: .text, description: "The client it belongs to."),
        CanonicalField(pointer: "/brandId", shape: .text, description: "The brand it belongs to."),
        CanonicalField(
            pointer: "/source", shape: .text, description: "The system that the update comes from."),
    ]

    /// Members beside the product's own: what only some vendor knows, and ids for several targets.
    package static let vendorFields = CanonicalField(
        pointer: "/vendorFields", shape: Shape(types: .object, values: .object),
        description: "Vendor fields that are not canonical yet, by dialect; merged last into what is sent.")
    package static let ids = CanonicalField(
        pointer: "/ids", shape: Shape(types: .object, values: .text),
        description: "The product's id at each target, by target; overrides the id in the path.")

    /// The words that a field has, one of which it takes; none where any text will do.
    package static func words(at pointer: String) -> [String] {
        self.index(of: pointer).flatMap { self.fields[$0].shape.choices } ?? []
    }

    /// Index into `fields` of a canonical pointer.
    package static func index(of pointer: String) -> Int? {
        self.fields.firstIndex { $0.pointer == pointer }
    }
}

extension Shape {
    fileprivate static let translation = Shape(
        types: .object, members: [Member("name", .text), Member("description", .text)],
        openness: .closedByCanonical, nullClears: true)
    /// A decimal number: as a text, or as JSON has it.
    fileprivate static let amount = Shape(
        types: [.string, .number], characters: CharacterRule.only("0-9.-"), isDecimal: true)
    fileprivate static let image = Shape(
        types: .object, members: [Member("url", .text, isRequired: true), Member("alt", .text)],
        openness: .closedByCanonical)
    fileprivate static let variant = Shape(
        types: .object,
        members: [
            Member("id", .text), Member("name", .text), Member("sku", .text), Member("gtin", .text),
            Member("price", .amount), Member("options", .map(of: .text)),
        ], openness: .closedByCanonical)
    fileprivate static let reference = Shape(types: .object, members: [Member("id", .text, isRequired: true)])
}
