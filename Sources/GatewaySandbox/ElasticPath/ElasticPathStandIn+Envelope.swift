/// What surrounds the attributes, in requests and in answers.
extension ElasticPathStandIn {
    struct Refusal: Error { let answer: VendorAnswer }

    static func body(of call: VendorCall) -> Result<SandboxObject, Refusal> {
        guard call.hasJSONContentType else {
            return .failure(Refusal(answer: ElasticPathError.plain(415, "Unsupported Media Type")))
        }
        return switch call.document {
        case .value(.object(let object)): .success(object)
        case .malformed(let reason): .failure(Refusal(answer: ElasticPathError.unparsable(reason)))
        case .value, .absent: .failure(Refusal(answer: ElasticPathError.unparsable("expected an object")))
        }
    }

    /// `data.type`, `data.id` and `data.attributes` are required in an update, and "data.id must match the product ID
    /// specified in the request path"; a create has no id.
    static func envelopeIssues(_ body: SandboxObject, id: String?) -> [ElasticPathIssue] {
        guard let data = body["data"] else { return [.required("data")] }
        guard let data = data.object else { return [.wrongType("data", expected: "object", data)] }
        var issues: [ElasticPathIssue] = []
        switch data["type"] {
        case nil: issues.append(.required("data.type"))
        case "product": break
        case let other?: issues.append(.invalid("data.type: Must be product, given: \(other.string ?? other.kindName)"))
        }
        if let id {
            switch data["id"] {
            case nil: issues.append(.required("data.id"))
            case .string(id)?: break
            case _?: issues.append(.invalid("data.id: Must match the product ID specified in the request path"))
            }
        }
        switch data["attributes"] {
        case nil: issues.append(.required("data.attributes"))
        case .object?: break
        case let other?: issues.append(.wrongType("data.attributes", expected: "object", other))
        }
        return issues
    }

    /// Members outside the schema's three are ignored; the specification forbids others only among the attributes.
    static func ignored(_ body: SandboxObject) -> [String] {
        let outer = body.names.filter { $0 != "data" }
        let inner = (body["data"]?.object?.names ?? []).filter { !["type", "id", "attributes"].contains($0) }
        return outer.map { "ignored member \($0)" } + inner.map { "ignored member data.\($0)" }
    }

    /// - Parameter id: as it stood in the request's path, magic words and all.
    static func document(_ product: Product, id: String) -> SandboxJSON {
        var document: SandboxObject = [
            "data": [
                "type": "product", "id": .string(id), "attributes": .object(product.attributes),
                "relationships": product.relationships, "meta": .object(product.meta),
            ]
        ]
        if let included = product.included { document["included"] = included }
        return .object(document)
    }

    /// The relationships of a product that has none, as the vendor's examples print them.
    static func relationships(_ id: String) -> SandboxJSON {
        func empty(_ path: String) -> SandboxJSON {
            ["data": [], "links": ["self": .string("/products/\(id)/\(path)")]]
        }
        return [
            "children": empty("children"), "component_products": empty("relationships/component_products"),
            "files": empty("relationships/files"), "main_image": ["data": .null],
            "templates": empty("relationships/templates"), "variations": empty("relationships/variations"),
        ]
    }
}
