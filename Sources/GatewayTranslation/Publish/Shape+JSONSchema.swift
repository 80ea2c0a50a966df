import GatewayJSON

extension Shape {
    /// Writes the shape's keywords of JSON Schema 2020-12 into an object that is already open.
    ///
    /// `nullable` adds `null` to the types: in an update, null clears.
    func writeSchema(to writer: inout JSONWriter, nullable: Bool) {
        self.writeTypes(to: &writer, nullable: nullable)
        if let choices = self.choices {
            writer.array("enum") { writer in
                for choice in choices { writer.string(choice) }
                if nullable { writer.null() }
            }
        }
        if let lengthMin = self.lengthMin { writer.member("minLength", lengthMin) }
        if let lengthMax = self.lengthMax { writer.member("maxLength", lengthMax) }
        if self.isDecimal {
            writer.member("pattern", DecimalText.schemaPattern)
        } else if let characters = self.characters {
            writer.member("pattern", characters.schemaPattern)
        }
        if let minimum = self.minimum { writer.member("minimum", minimum) }
        if let maximum = self.maximum { writer.member("maximum", maximum) }
        let isArray = self.types.contains(.array)
        if let itemsMin = self.itemsMin { writer.member(isArray ? "minItems" : "minProperties", itemsMin) }
        if let itemsMax = self.itemsMax { writer.member(isArray ? "maxItems" : "maxProperties", itemsMax) }
        if let items = self.items { writer.object("items") { items.writeSchema(to: &$0, nullable: false) } }
        self.writeMembers(to: &writer)
    }

    private func writeMembers(to writer: inout JSONWriter) {
        if !self.members.isEmpty {
            writer.object("properties") { writer in
                for member in self.members {
                    if member.shape.types.isEmpty {
                        writer.member(member.name, false)
                        continue
                    }
                    writer.object(member.name) {
                        member.shape.writeSchema(to: &$0, nullable: self.nullClears && !member.isRequired)
                    }
                }
            }
            let required = self.members.filter(\.isRequired).map(\.name)
            if !required.isEmpty { writer.member("required", required) }
        }
        if self.openness != .open {
            writer.member("additionalProperties", false)
        } else if let values = self.values {
            writer.object("additionalProperties") { values.writeSchema(to: &$0, nullable: self.nullClears) }
        }
    }

    private func writeTypes(to writer: inout JSONWriter, nullable: Bool) {
        guard self.types != .any else { return }
        var names = self.typeNames
        if nullable, !self.types.contains(.null) { names.append("null") }
        if names.count == 1 { writer.member("type", names[0]) } else { writer.member("type", names) }
    }

    /// The JSON types by their names in JSON Schema.
    var typeNames: [String] {
        let names: [(Types, String)] = [
            (.object, "object"), (.array, "array"), (.string, "string"), (.number, "number"), (.boolean, "boolean"),
            (.null, "null"),
        ]
        return names.filter { self.types.contains($0.0) }.map(\.1)
    }
}
