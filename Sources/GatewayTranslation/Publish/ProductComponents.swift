import GatewayJSON

/// The canonical product as components of the OpenAPI document.
///
/// Whatever would be an unnamed object or a list of words inside another schema is a component with a name that follows
/// from its place, because generators make a class of each: `ProductStatus`, not `ProductUpdateStatusType1Type2`.
enum ProductComponents {
    static func write(to writer: inout JSONWriter) {
        self.writeUpdate(to: &writer)
        self.writeAnswered(to: &writer)
        for field in CanonicalProduct.fields where field.shape.choices != nil {
            writer.object(self.choiceName(field)) { writer in
                writer.member("description", field.description)
                field.shape.writeSchema(to: &writer, nullable: false)
            }
        }
    }

    /// `ProductStatus`, of updates and of answers.
    private static func choiceName(_ field: CanonicalField) -> String { self.name("Product", field.tokens) }

    private static func name(_ start: String, _ tokens: [String]) -> String {
        start + tokens.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    // MARK: What is sent

    private static func writeUpdate(to writer: inout JSONWriter) {
        let update = "ProductUpdate"
        writer.object(update) { writer in
            writer.member("type", "object")
            writer.member("description", "An absent member stays as it is, `null` clears, a value sets.")
            writer.object("properties") { writer in
                for field in CanonicalProduct.fields where field.tokens.count == 1 {
                    self.writeMember(field, of: update, isNullable: true, to: &writer)
                }
                for container in CanonicalNames.containers {
                    writer.object(container.name) {
                        self.writeReference(self.name(update, [container.name]), isNullable: true, to: &$0)
                    }
                }
                for field in [CanonicalProduct.vendorFields, CanonicalProduct.ids] {
                    self.writeMember(field, of: update, isNullable: false, to: &writer)
                }
            }
            writer.member("additionalProperties", false)
            writer.member("minProperties", 1)
        }
        for container in CanonicalNames.containers { self.writeUpdate(of: container, in: update, to: &writer) }
        for field in CanonicalProduct.fields + [CanonicalProduct.vendorFields, CanonicalProduct.ids]
        where field.shape.choices == nil {
            self.writeComponents(of: field.shape, as: self.name(update, field.tokens), to: &writer)
        }
    }

    private static func writeUpdate(
        of container: CanonicalNames.Container, in update: String, to writer: inout JSONWriter
    ) {
        writer.object(self.name(update, [container.name])) { writer in
            writer.member("type", "object")
            writer.object("properties") { writer in
                for leaf in container.leaves {
                    self.writeMember(CanonicalProduct.fields[leaf], of: update, isNullable: true, to: &writer)
                }
            }
            writer.member("additionalProperties", false)
        }
    }

    private static func writeMember(
        _ field: CanonicalField, of parent: String, isNullable: Bool, to writer: inout JSONWriter
    ) {
        writer.object(field.tokens[field.tokens.count - 1]) { writer in
            writer.member("description", field.description)
            if field.shape.choices != nil {
                self.writeReference(self.choiceName(field), isNullable: isNullable, to: &writer)
            } else {
                self.writeUse(
                    of: field.shape, as: self.name(parent, field.tokens), isNullable: isNullable, to: &writer)
            }
        }
    }

    /// Writes the keywords of a shape that stands in another one: a reference where it is an object.
    private static func writeUse(
        of shape: Shape, as name: String, isNullable: Bool, to writer: inout JSONWriter
    ) {
        if shape.types == .object {
            self.writeReference(name, isNullable: isNullable, to: &writer)
        } else if let items = shape.items, items.types == .object {
            writer.member("type", isNullable ? ["array", "null"] : ["array"])
            writer.object("items") { self.writeReference(name + "Item", isNullable: false, to: &$0) }
        } else {
            shape.writeSchema(to: &writer, nullable: isNullable)
        }
    }

    /// Writes the components that `writeUse` refers to.
    private static func writeComponents(of shape: Shape, as name: String, to writer: inout JSONWriter) {
        if let items = shape.items, items.types == .object {
            self.writeComponents(of: items, as: name + "Item", to: &writer)
            return
        }
        guard shape.types == .object else { return }
        let entry = name + "Entry"
        let entryIsNamed = shape.values.map { $0.types == .object && !$0.members.isEmpty } ?? false
        writer.object(name) { writer in
            guard let values = shape.values, entryIsNamed else {
                shape.writeSchema(to: &writer, nullable: false)
                return
            }
            writer.member("type", "object")
            writer.object("additionalProperties") {
                self.writeUse(of: values, as: entry, isNullable: shape.nullClears, to: &$0)
            }
        }
        if entryIsNamed, let values = shape.values { self.writeComponents(of: values, as: entry, to: &writer) }
    }

    private static func writeReference(_ name: String, isNullable: Bool, to writer: inout JSONWriter) {
        guard isNullable else {
            writer.member("$ref", "#/components/schemas/\(name)")
            return
        }
        writer.array("anyOf") { writer in
            writer.reference("schemas", name)
            writer.object { $0.member("type", "null") }
        }
    }

    // MARK: What is answered

    /// Promises of each member what the gateway checks: its type and, where the canonical product has words, the words.
    /// What lies deeper is the vendor's.
    private static func writeAnswered(to writer: inout JSONWriter) {
        writer.object("Product") { writer in
            writer.member("type", "object")
            writer.member("description", "The members that the vendor's answer had; null where it has no value there.")
            writer.object("properties") { writer in
                for field in CanonicalProduct.fields where field.tokens.count == 1 {
                    self.writeAnswered(field, to: &writer)
                }
                for container in CanonicalNames.containers {
                    writer.reference("schemas", self.name("Product", [container.name]), as: container.name)
                }
            }
        }
        for container in CanonicalNames.containers {
            writer.object(self.name("Product", [container.name])) { writer in
                writer.member("type", "object")
                writer.object("properties") { writer in
                    for leaf in container.leaves { self.writeAnswered(CanonicalProduct.fields[leaf], to: &writer) }
                }
            }
        }
        writer.name("VendorContent")
        writer.raw(#"{ "type": "object", "description": "An object as the vendor holds it." }"#)
    }

    private static func writeAnswered(_ field: CanonicalField, to writer: inout JSONWriter) {
        writer.object(field.tokens[field.tokens.count - 1]) { writer in
            writer.member("description", field.description)
            if field.shape.choices != nil {
                self.writeReference(self.choiceName(field), isNullable: true, to: &writer)
            } else if field.shape.types == .object {
                self.writeReference("VendorContent", isNullable: true, to: &writer)
            } else {
                writer.member("type", field.shape.typeNames + ["null"])
                if field.shape.types == .array { writer.object("items") { _ in } }
            }
        }
    }
}
