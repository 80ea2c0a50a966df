import GatewayJSON

/// The part of JSON Schema 2020-12 that `gateway.schema.json` uses; an unknown word is an objection,
/// so that the schema cannot outgrow it unnoticed.
struct SchemaValidator {
    let root: JSONNode

    /// What the schema objects to in a value; empty where it accepts it.
    func objections(to value: JSONNode) -> [String] {
        self.objections(to: value, schema: self.root)
    }

    private func objections(to value: JSONNode, schema: JSONNode) -> [String] {
        if schema.bool == true { return [] }
        if schema.bool == false { return ["nothing is allowed here"] }
        return schema.members.flatMap { self.objections(to: value, word: $0.name, $0.value, schema) }
    }

    private func objections(
        to value: JSONNode, word: String, _ rule: JSONNode, _ schema: JSONNode
    ) -> [String] {
        let refusal = ["\(word) refuses \(String(decoding: value.rawBytes, as: UTF8.self))"]
        switch word {
        case "$schema", "title", "description", "default", "examples", "format", "$defs", "then":
            return []
        case "type":
            return rule.string.map { self.isOf($0, value) } == true ? [] : refusal
        case "enum":
            return rule.elements.contains { $0.string == value.string } ? [] : refusal
        case "const":
            return rule.string == value.string ? [] : refusal
        case "minimum", "maximum":
            guard let number = value.integer, let limit = rule.integer else { return [] }
            return (word == "minimum" ? number >= limit : number <= limit) ? [] : refusal
        case "minLength":
            guard let text = value.string, let limit = rule.integer else { return [] }
            return text.unicodeScalars.count >= limit ? [] : refusal
        case "minProperties", "maxProperties":
            guard value.kind == .object, let limit = rule.integer else { return [] }
            let count = value.members.count
            return (word == "minProperties" ? count >= limit : count <= limit) ? [] : refusal
        case "pattern":
            guard let text = value.string, let pattern = rule.string else { return [] }
            guard let regex = try? Regex(pattern) else { return ["\(pattern) is no pattern"] }
            return text.contains(regex) ? [] : refusal
        case "minItems":
            return value.kind != .array || value.elements.count >= rule.integer ?? 0 ? [] : refusal
        case "maxItems":
            return value.kind != .array || value.elements.count <= rule.integer ?? 0 ? [] : refusal
        case "uniqueItems":
            let texts = value.elements.map { Array($0.rawBytes) }
            return Set(texts).count == texts.count ? [] : refusal
        case "items":
            return value.elements.flatMap { self.objections(to: $0, schema: rule) }
        case "required":
            guard value.kind == .object else { return [] }
            return rule.elements.allSatisfy { value[$0.string ?? ""] != nil } ? [] : refusal
        case "dependentRequired":
            return rule.members.allSatisfy { member in
                value[member.name] == nil
                    || member.value.elements.allSatisfy { value[$0.string ?? ""] != nil }
            } ? [] : refusal
        case "properties":
            return value.members.flatMap { member in
                rule[member.name].map { self.objections(to: member.value, schema: $0) } ?? []
            }
        case "additionalProperties":
            return value.members.filter { schema["properties"]?[$0.name] == nil }
                .flatMap { self.objections(to: $0.value, schema: rule) }
        case "propertyNames":
            guard let pattern = rule["pattern"]?.string, let regex = try? Regex(pattern) else {
                return ["propertyNames has no pattern"]
            }
            return value.members.allSatisfy { $0.name.contains(regex) } ? [] : refusal
        case "oneOf":
            let fitting = rule.elements.filter { self.objections(to: value, schema: $0).isEmpty }
            return fitting.count == 1 ? [] : refusal
        case "if":
            guard let then = schema["then"], self.objections(to: value, schema: rule).isEmpty else {
                return []
            }
            return self.objections(to: value, schema: then)
        case "$ref":
            guard let name = rule.string?.split(separator: "/").last,
                let target = self.root["$defs"]?[String(name)]
            else { return ["\(rule.string ?? "") is not there"] }
            return self.objections(to: value, schema: target)
        default:
            return ["the word \(word) is unknown to this validator"]
        }
    }

    private func isOf(_ type: String, _ value: JSONNode) -> Bool {
        switch (type, value.kind) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .true),
            ("boolean", .false), ("number", .number):
            true
        case ("integer", .number): value.integer != nil
        default: false
        }
    }
}
