/// Elastic Path's PCM products, as its specification and pages describe them: create, update and read.
///
/// Sources: the page "Update a product or bundle" and its examples, the PCM specification (`pim.yaml`) for the
/// request's schema, the authentication page for tokens. Sentences of validation messages follow the three the vendor
/// shows ("data.attributes.sku: Must be unique amongst products.", "<XYZ> can not be empty", "The data.name field is
/// required."); the others are of the same make and unverified.
struct ElasticPathStandIn: VendorStandIn {
    static let vendor = SandboxVendor.elasticPath
    static let provocations = ProvocationTable(ownProvocations)
    static let paths = [
        "POST /oauth/access_token", "POST /pcm/products", "PUT /pcm/products/{id}", "GET /pcm/products/{id}",
        "GET /pcm/products?filter=eq(sku,{sku})",
    ]

    struct Product: Sendable {
        var id: String
        var attributes: SandboxObject
        var relationships: SandboxJSON
        var meta: SandboxObject
        /// Only some of the vendor's examples have it.
        var included: SandboxJSON?
        /// A product of the organization that this store's token may not change.
        var isOwnedByOrganization = false
    }

    let credentials: SandboxCredentials
    let tokenLifetimeSeconds: Double
    let productsMax: Int
    var tokens: TokenIssuer
    var onceMemory: OnceMemory
    var products: [String: Product]
    /// The ids in the order of their creation.
    var order: [String]
    /// The taken values of the attributes that must be unique, each with the product that has it.
    var owners: [UniqueValue: String] = [:]
    var identifiers = SeededIdentifiers(seed: 1)

    struct UniqueValue: Hashable, Sendable {
        let attribute: String
        let value: String
    }

    static let uniqueAttributes = ["sku", "slug", "external_ref"]

    init(_ options: SandboxOptions) {
        self.credentials = options.credentials
        self.tokenLifetimeSeconds = options.tokenLifetimeSeconds
        self.productsMax = options.limits.productsMax
        self.tokens = TokenIssuer(
            prefix: "ep", lifetimeSeconds: options.tokenLifetimeSeconds, countMax: options.limits.tokensMax)
        self.onceMemory = OnceMemory(countMax: options.limits.onceMemoryMax)
        self.products = ElasticPathStandIn.seed
        self.order = ElasticPathStandIn.seed.keys.sorted()
        for product in ElasticPathStandIn.seed.values { self.claim(product) }
    }

    func productSegments(_ target: RequestTarget) -> [String]? {
        target.segments(behind: ["pcm", "products"])
    }

    /// The `sku`: the id is made by the vendor.
    func creationID(_ call: VendorCall) -> String {
        call.object?["data"]?["attributes"]?["sku"]?.string ?? ""
    }

    mutating func perform(_ operation: ProductOperation, _ call: VendorCall) -> VendorAnswer {
        switch operation {
        case .read: self.read(call)
        case .update: self.update(call)
        case .create: self.create(call)
        case .delete: self.plainError(405, "Method Not Allowed")
        }
    }

    private func read(_ call: VendorCall) -> VendorAnswer {
        guard let product = self.products[call.marks.id] else { return ElasticPathError.notFound() }
        return VendorAnswer(status: 200, json: ElasticPathStandIn.document(product, id: call.marks.rawID))
    }

    // MARK: Update

    private mutating func update(_ call: VendorCall) -> VendorAnswer {
        let body: SandboxObject
        switch ElasticPathStandIn.body(of: call) {
        case .success(let object): body = object
        case .failure(let refusal): return refusal.answer
        }
        guard var product = self.products[call.marks.id] else { return ElasticPathError.notFound() }
        guard !product.isOwnedByOrganization else { return ElasticPathError.ownedByOrganization() }

        var issues = ElasticPathStandIn.envelopeIssues(body, id: call.marks.rawID)
        let attributes = body["data"]?["attributes"]?.object ?? [:]
        let rules = ElasticPathAttributes(call.behaviour)
        issues += rules.issues(attributes)
        issues += self.uniquenessIssues(attributes, id: product.id)
        guard issues.isEmpty else { return ElasticPathError.failedValidation(issues) }
        if let missing = ElasticPathAttributes.missingProducts(attributes) {
            return ElasticPathError.missingIDs(missing)
        }

        // "If the attributes section is empty, the product or bundle is not updated."
        if !attributes.isEmpty {
            self.release(product)
            for member in attributes.members {
                product.attributes[member.name] = member.value == .null ? nil : member.value
            }
            product.meta["updated_at"] = .string(Timestamp.text(call.now, milliseconds: true))
            self.products[product.id] = product
            self.claim(product)
        }
        return VendorAnswer(status: 200, json: ElasticPathStandIn.document(product, id: call.marks.rawID))
            .with(notes: ElasticPathStandIn.ignored(body))
    }

    // MARK: Create

    private mutating func create(_ call: VendorCall) -> VendorAnswer {
        let body: SandboxObject
        switch ElasticPathStandIn.body(of: call) {
        case .success(let object): body = object
        case .failure(let refusal): return refusal.answer
        }
        var issues = ElasticPathStandIn.envelopeIssues(body, id: nil)
        var attributes = body["data"]?["attributes"]?.object ?? [:]
        issues += ["name", "commodity_type"].filter { attributes[$0] == nil }.map { .required("data.attributes.\($0)") }
        issues += ElasticPathAttributes(call.behaviour).issues(attributes)
        // "default derived from name" (specification, slug).
        if attributes["slug"] == nil, let name = attributes["name"]?.string {
            attributes["slug"] = .string(ElasticPathStandIn.slug(of: name))
        }
        issues += self.uniquenessIssues(attributes, id: nil)
        guard issues.isEmpty else { return ElasticPathError.failedValidation(issues) }
        if let missing = ElasticPathAttributes.missingProducts(attributes) {
            return ElasticPathError.missingIDs(missing)
        }
        guard self.products.count < self.productsMax else {
            return self.plainError(503, "The sandbox holds \(self.productsMax) products and takes no more.")
        }
        if attributes["status"] == nil { attributes["status"] = "draft" }
        let id = self.identifiers.uuid()
        let moment = SandboxJSON.string(Timestamp.text(call.now, milliseconds: true))
        let isBundle = attributes["components"].map { !$0.isEmpty } ?? false
        let product = Product(
            id: id, attributes: attributes, relationships: ElasticPathStandIn.relationships(id),
            meta: [
                "created_at": moment, "owner": "store", "product_types": [isBundle ? "bundle" : "standard"],
                "updated_at": moment, "variation_matrix": [:],
            ])
        self.products[id] = product
        self.order.append(id)
        self.claim(product)
        return VendorAnswer(status: 201, json: ElasticPathStandIn.document(product, id: id))
            .with(notes: ElasticPathStandIn.ignored(body))
    }

    /// Lower case, with hyphens between what `[A-Za-z0-9._-]` leaves of the name.
    private static func slug(of name: String) -> String {
        name.lowercased().split { !ElasticPathAttributes.isSlugCharacter($0) }.joined(separator: "-")
    }

    // MARK: Uniqueness

    private func uniquenessIssues(_ attributes: SandboxObject, id: String?) -> [ElasticPathIssue] {
        ElasticPathStandIn.uniqueAttributes.compactMap { name in
            guard let value = attributes[name]?.string, !value.isEmpty,
                let owner = self.owners[UniqueValue(attribute: name, value: value)], owner != id
            else { return nil }
            return .invalid("data.attributes.\(name): Must be unique amongst products.")
        }
    }

    private mutating func claim(_ product: Product) {
        for value in ElasticPathStandIn.uniqueValues(product) { self.owners[value] = product.id }
    }

    private mutating func release(_ product: Product) {
        for value in ElasticPathStandIn.uniqueValues(product) where self.owners[value] == product.id {
            self.owners[value] = nil
        }
    }

    private static func uniqueValues(_ product: Product) -> [UniqueValue] {
        self.uniqueAttributes.compactMap { name in
            product.attributes[name]?.string.map { UniqueValue(attribute: name, value: $0) }
        }
    }

    func heldProducts() -> [SandboxJSON] {
        self.order.compactMap { self.products[$0].map { ElasticPathStandIn.document($0, id: $0.id) } }
    }
}
