extension SandboxBehaviour {
    struct Mistake: Error { let reason: String }

    func document() -> SandboxJSON {
        [
            "cor": ["nullClears": .bool(self.corNullClears)],
            "elastic-path": [
                "acceptsExtensions": .bool(self.elasticPathAcceptsExtensions),
                "nullClears": .bool(self.elasticPathNullClears),
            ],
            "softwareone": ["nullClears": .bool(self.softwareOneNullClears)],
            "catalogue": [
                "update": .string(self.catalogueUpdate.rawValue), "etag": .string(self.catalogueETag.rawValue),
            ],
        ]
    }

    /// Changes what the document names and leaves the rest; any mistake leaves everything.
    mutating func change(_ document: SandboxJSON) throws(Mistake) {
        guard let vendors = document.object else { throw Mistake(reason: "expected an object") }
        var changed = self
        for vendor in vendors.members {
            guard let choices = vendor.value.object else { throw Mistake(reason: "\(vendor.name): expected an object") }
            for choice in choices.members { try changed.change("\(vendor.name).\(choice.name)", choice.value) }
        }
        self = changed
    }

    private mutating func change(_ path: String, _ value: SandboxJSON) throws(Mistake) {
        func flag() throws(Mistake) -> Bool {
            guard let flag = value.bool else { throw Mistake(reason: "\(path): expected true or false") }
            return flag
        }
        switch path {
        case "cor.nullClears": self.corNullClears = try flag()
        case "elastic-path.acceptsExtensions": self.elasticPathAcceptsExtensions = try flag()
        case "elastic-path.nullClears": self.elasticPathNullClears = try flag()
        case "softwareone.nullClears": self.softwareOneNullClears = try flag()
        case "catalogue.update":
            guard let update = value.string.flatMap({ CatalogueUpdate(rawValue: $0) }) else {
                throw Mistake(reason: "\(path): expected replace or partial")
            }
            self.catalogueUpdate = update
        case "catalogue.etag":
            guard let etag = value.string.flatMap({ CatalogueETag(rawValue: $0) }) else {
                throw Mistake(reason: "\(path): expected off, 412 or 409")
            }
            self.catalogueETag = etag
        default: throw Mistake(reason: "\(path): unknown; GET /__sandbox/behaviour lists what there is")
        }
    }
}
