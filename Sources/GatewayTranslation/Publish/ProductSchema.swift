import GatewayJSON

/// The JSON Schema (2020-12) of the canonical product, from the same table that translates.
package enum ProductSchema {
    package static let mediaType = "application/schema+json"

    /// The document served at `/v1/schemas/product-update.json`.
    package static func json() -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 8192)
        writer.object { writer in
            writer.member("$schema", "https://json-schema.org/draft/2020-12/schema")
            writer.member("$id", "/v1/schemas/product-update.json")
            writer.member("title", "Product update")
            writer.member(
                "description",
                "A canonical product update, as a merge patch (RFC 7396): an absent member stays as it is, null "
                    + "clears, a value sets. Targets may take less: see GET /v1/targets/{name}.")
            self.writeProduct(to: &writer, isUpdate: true)
        }
        return writer.bytes
    }

    /// Writes `type`, `properties` and `additionalProperties` of a product.
    static func writeProduct(to writer: inout JSONWriter, isUpdate: Bool) {
        writer.member("type", "object")
        writer.object("properties") { writer in
            for field in CanonicalProduct.fields where field.tokens.count == 1 {
                self.write(field, to: &writer, nullable: true)
            }
            for container in CanonicalNames.containers {
                self.write(container, to: &writer)
            }
            if isUpdate {
                self.write(CanonicalProduct.vendorFields, to: &writer, nullable: false)
                self.write(CanonicalProduct.ids, to: &writer, nullable: false)
            }
        }
        writer.member("additionalProperties", false)
    }

    private static func write(_ container: CanonicalNames.Container, to writer: inout JSONWriter) {
        writer.object(container.name) { writer in
            writer.member("type", ["object", "null"])
            writer.object("properties") { writer in
                for leaf in container.leaves {
                    self.write(CanonicalProduct.fields[leaf], to: &writer, nullable: true)
                }
            }
            writer.member("additionalProperties", false)
        }
    }

    private static func write(_ field: CanonicalField, to writer: inout JSONWriter, nullable: Bool) {
        writer.object(field.tokens[field.tokens.count - 1]) { writer in
            writer.member("description", field.description)
            field.shape.writeSchema(to: &writer, nullable: nullable)
        }
    }
}
