/// The rules for `data.attributes` (specification, schema `update_product_request`).
struct ElasticPathAttributes {
    private let acceptsExtensions: Bool
    private let nullClears: Bool

    init(_ behaviour: SandboxBehaviour) {
        self.acceptsExtensions = behaviour.elasticPathAcceptsExtensions
        self.nullClears = behaviour.elasticPathNullClears
    }

    /// The attributes the vendor's JavaScript SDK types as nullable.
    private static let nullable: Set<String> = ["description", "slug", "sku", "mpn", "upc_ean", "external_ref"]

    func issues(_ attributes: SandboxObject) -> [ElasticPathIssue] {
        attributes.members.flatMap { self.issues($0.name, $0.value) }
    }

    private func issues(_ name: String, _ value: SandboxJSON) -> [ElasticPathIssue] {
        let path = "data.attributes.\(name)"
        if value == .null, self.nullClears, Self.nullable.contains(name) { return [] }
        switch name {
        case "name", "sku":
            guard let text = value.string else { return [.wrongType(path, expected: "string", value)] }
            return text.isEmpty ? [.invalid("\(name) can not be empty")] : []
        case "description", "upc_ean", "mpn":
            return value.string == nil ? [.wrongType(path, expected: "string", value)] : []
        case "external_ref":
            guard let text = value.string else { return [.wrongType(path, expected: "string", value)] }
            return text.unicodeScalars.count > 2048
                ? [.invalid("\(path): String length must be less than or equal to 2048")] : []
        case "slug":
            guard let text = value.string else { return [.wrongType(path, expected: "string", value)] }
            return text.isEmpty || !text.allSatisfy(Self.isSlugCharacter)
                ? [.invalid("\(path): Does not match pattern '^[A-Za-z0-9._-]+$'")] : []
        case "status": return Self.choice(path, value, ["live", "draft"])
        case "commodity_type": return Self.choice(path, value, ["physical", "digital"])
        case "tags": return Self.tags(path, value)
        case "locales": return Self.locales(path, value)
        case "build_rules": return Self.buildRules(path, value)
        case "custom_inputs": return Self.customInputs(path, value)
        case "components": return Self.components(path, value)
        case "extensions" where self.acceptsExtensions:
            return value.object == nil ? [.wrongType(path, expected: "object", value)] : []
        default:
            // additionalProperties: false. `extensions` belongs to the answers only.
            return [.invalid("data.attributes: Additional property \(name) is not allowed")]
        }
    }

    static func isSlugCharacter(_ character: Character) -> Bool {
        guard let ascii = character.asciiValue else { return false }
        return switch ascii {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func choice(_ path: String, _ value: SandboxJSON, _ choices: [String]) -> [ElasticPathIssue] {
        guard let text = value.string else { return [.wrongType(path, expected: "string", value)] }
        let list = choices.map { "\"\($0)\"" }.joined(separator: ", ")
        return choices.contains(text) ? [] : [.invalid("\(path): Must be one of the following: \(list)")]
    }

    /// At most 20, each at most 255 characters without spaces and commas.
    private static func tags(_ path: String, _ value: SandboxJSON) -> [ElasticPathIssue] {
        guard let tags = value.array else { return [.wrongType(path, expected: "array", value)] }
        var issues: [ElasticPathIssue] = []
        if tags.count > 20 { issues.append(.invalid("\(path): Array must have at most 20 items")) }
        for (index, tag) in tags.enumerated() {
            guard let text = tag.string else {
                issues.append(.wrongType("\(path).\(index)", expected: "string", tag))
                continue
            }
            if text.unicodeScalars.count > 255 {
                issues.append(.invalid("\(path).\(index): String length must be less than or equal to 255"))
            }
            if text.contains(where: { $0 == " " || $0 == "," }) {
                issues.append(.invalid("\(path).\(index): Does not match pattern '^[^\\s,]+$'"))
            }
        }
        return issues
    }

    /// `{code: {name, description?}}`: the name is required in each.
    private static func locales(_ path: String, _ value: SandboxJSON) -> [ElasticPathIssue] {
        self.entries(path, value) { path, entry in
            var issues: [ElasticPathIssue] = []
            if entry["name"] == nil { issues.append(.required("\(path).name")) }
            for name in ["name", "description"] {
                if let text = entry[name], text.string == nil {
                    issues.append(.wrongType("\(path).\(name)", expected: "string", text))
                }
            }
            for name in entry.names where !["name", "description"].contains(name) {
                issues.append(.invalid("\(path): Additional property \(name) is not allowed"))
            }
            return issues
        }
    }

    /// The lists are of strings in the schema and of lists in the vendor's example: both are taken.
    private static func buildRules(_ path: String, _ value: SandboxJSON) -> [ElasticPathIssue] {
        guard let rules = value.object else { return [.wrongType(path, expected: "object", value)] }
        var issues: [ElasticPathIssue] = []
        if let standard = rules["default"] {
            issues += self.choice("\(path).default", standard, ["include", "exclude"])
        } else {
            issues.append(.required("\(path).default"))
        }
        for name in ["include", "exclude"] {
            if let list = rules[name], list.array == nil {
                issues.append(.wrongType("\(path).\(name)", expected: "array", list))
            }
        }
        return issues
    }

    /// `max_length` is at most 255.
    private static func customInputs(_ path: String, _ value: SandboxJSON) -> [ElasticPathIssue] {
        self.entries(path, value) { path, entry in
            var issues: [ElasticPathIssue] = []
            for (index, rule) in (entry["validation_rules"]?.array ?? []).enumerated() {
                guard let length = rule["options"]?["max_length"] else { continue }
                let lengthPath = "\(path).validation_rules.\(index).options.max_length"
                guard let length = length.integer else {
                    issues.append(.wrongType(lengthPath, expected: "integer", length))
                    continue
                }
                if length > 255 { issues.append(.invalid("\(lengthPath): Must be less than or equal to 255")) }
            }
            return issues
        }
    }

    private static func components(_ path: String, _ value: SandboxJSON) -> [ElasticPathIssue] {
        self.entries(path, value) { path, entry in
            guard let options = entry["options"] else { return [.required("\(path).options")] }
            guard let options = options.array else {
                return [.wrongType("\(path).options", expected: "array", options)]
            }
            return options.enumerated().compactMap { index, option in
                option["id"]?.string == nil ? .required("\(path).options.\(index).id") : nil
            }
        }
    }

    private static func entries(
        _ path: String, _ value: SandboxJSON, _ check: (String, SandboxObject) -> [ElasticPathIssue]
    ) -> [ElasticPathIssue] {
        guard let object = value.object else { return [.wrongType(path, expected: "object", value)] }
        return object.members.flatMap { member -> [ElasticPathIssue] in
            let memberPath = "\(path).\(member.name)"
            guard let entry = member.value.object else {
                return [.wrongType(memberPath, expected: "object", member.value)]
            }
            return check(memberPath, entry)
        }
    }

    /// Component products that do not exist. The vendor's examples name products no sandbox has, so only ids that begin
    /// with `missing-` count as missing.
    static func missingProducts(_ attributes: SandboxObject) -> [String]? {
        let components = attributes["components"]?.object?.members.map(\.value) ?? []
        let ids = components.flatMap { $0["options"]?.array ?? [] }.compactMap { $0["id"]?.string }
        let missing = ids.filter { $0.hasPrefix("missing-") }
        return missing.isEmpty ? nil : missing
    }
}
