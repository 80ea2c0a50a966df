/// COR's integrations API v2, as its pages describe it: create, update and delete of products by external id.
///
/// Sources: COR's pages "Create product", "Update product" and "Delete product" of the integrations API, its quickstart
/// for tokens, and its v1 OpenAPI document for the shapes of errors. Which HTTP status goes with which error name is
/// documented nowhere; `COR/CORStandIn+Errors.swift` chooses.
struct CORStandIn: VendorStandIn {
    static let vendor = SandboxVendor.cor
    static let provocations = ProvocationTable(ownProvocations)
    static let paths = [
        "POST /v1/oauth/token?grant_type=client_credentials", "POST /v1/oauth/refreshtoken",
        "POST /v2/integrations/products", "PUT /v2/integrations/products/{id}",
        "DELETE /v2/integrations/products/{id}",
    ]

    /// The twelve values of `metadata.source` (page "Create project": "Must be one of").
    static let sources: Set<String> = [
        "JIRA", "SALESFORCE", "ADVERTMIND", "QUICKBOOKS", "ZAPIER", "OKTA", "MICROSOFT_DYNAMICS", "GITHUB",
        "MICROSOFT_TEAMS", "VBS", "SAP", "GLOBANT",
    ]

    /// An external id means something only together with the system it comes from.
    struct ExternalID: Hashable, Sendable {
        let source: String
        let id: String
    }

    struct Product: Sendable {
        var id: Int
        var name: String
        var description: String?
        var clientID: Int
        var brandID: Int
        var createdAt: String
        var updatedAt: String
        /// The page's create and update examples use one and the same external id. Seeded this way, both work: a
        /// create replaces the seed once, as if it had not been there.
        var isOpenToCreation = false
        var hasProjects = false
    }

    let credentials: SandboxCredentials
    let tokenLifetimeSeconds: Double
    let productsMax: Int
    var tokens: TokenIssuer
    var onceMemory: OnceMemory
    var products: [ExternalID: Product] = CORStandIn.seed
    /// COR numbers what it creates; the seed holds 52188.
    var nextID = 52_189

    init(_ options: SandboxOptions) {
        self.credentials = options.credentials
        self.tokenLifetimeSeconds = options.tokenLifetimeSeconds
        self.productsMax = options.limits.productsMax
        self.tokens = TokenIssuer(
            prefix: "cor.", lifetimeSeconds: options.tokenLifetimeSeconds, countMax: options.limits.tokensMax)
        self.onceMemory = OnceMemory(countMax: options.limits.onceMemoryMax)
    }

    func productSegments(_ target: RequestTarget) -> [String]? {
        target.segments(behind: ["v2", "integrations", "products"])
    }

    /// The body's `id`: the create has no id in its path.
    func creationID(_ call: VendorCall) -> String {
        call.object?["id"]?.string ?? ""
    }

    mutating func perform(_ operation: ProductOperation, _ call: VendorCall) -> VendorAnswer {
        let body: SandboxObject
        switch call.document {
        case .value(.object(let object)) where call.hasJSONContentType: body = object
        case .value(.object): return CORError.validation("Content-Type must be application/json")
        case .malformed(let reason): return CORError.validation("The body is not JSON. \(reason)")
        case .value, .absent: return CORError.validation("metadata.source is required")
        }
        let source: String
        switch CORStandIn.source(of: body) {
        case .success(let known): source = known
        case .failure(let refusal): return refusal.answer
        }
        let externalID = ExternalID(source: source, id: call.marks.id)
        return switch operation {
        case .create: self.create(externalID, body, now: call.now)
        case .update: self.update(externalID, body, call)
        case .delete: self.delete(externalID)
        case .read: self.plainError(405, "Method Not Allowed")
        }
    }

    private struct Refusal: Error { let answer: VendorAnswer }

    private static func source(of body: SandboxObject) -> Result<String, Refusal> {
        guard let metadata = body["metadata"], metadata != .null else {
            return .failure(Refusal(answer: CORError.validation("metadata.source is required")))
        }
        guard let source = metadata["source"], source != .null else {
            return .failure(Refusal(answer: CORError.validation("metadata.source is required")))
        }
        guard let source = source.string, self.sources.contains(source) else {
            return .failure(Refusal(answer: CORError.invalidSource()))
        }
        return .success(source)
    }

    // MARK: Operations

    private mutating func create(_ externalID: ExternalID, _ body: SandboxObject, now: Double) -> VendorAnswer {
        for name in ["id", "name", "client_id", "brand_id"] {
            guard let value = body[name], value != .null, value != "" else {
                return CORError.validation("\(name) is required")
            }
            guard value.string != nil else { return CORError.validation("\(name) must be a string") }
        }
        if let description = body["description"], description.string == nil {
            return CORError.validation("description must be a string")
        }
        guard let clientID = CORStandIn.clients[body["client_id"]?.string ?? ""] else {
            return CORError.clientNotFound()
        }
        guard let brandID = CORStandIn.brands[body["brand_id"]?.string ?? ""] else {
            return CORError.brandNotFound()
        }
        let existing = self.products[externalID]
        if let existing, !existing.isOpenToCreation { return CORError.duplicateExternalID(externalID.id) }
        guard existing != nil || self.products.count < self.productsMax else {
            return self.plainError(503, "The sandbox holds \(self.productsMax) products and takes no more.")
        }
        let moment = Timestamp.text(now)
        let product = Product(
            id: existing?.id ?? self.nextID, name: body["name"]?.string ?? "",
            description: body["description"]?.string, clientID: clientID, brandID: brandID,
            createdAt: moment, updatedAt: moment)
        if existing == nil { self.nextID += 1 }
        self.products[externalID] = product
        // The page's create example sends a description and shows an answer without one.
        let known = ["metadata", "id", "name", "description", "client_id", "brand_id"]
        return VendorAnswer(status: 200, json: CORStandIn.document(product, includesDescription: false))
            .with(notes: CORStandIn.ignored(body, known: known))
    }

    private mutating func update(
        _ externalID: ExternalID, _ body: SandboxObject, _ call: VendorCall
    ) -> VendorAnswer {
        guard var product = self.products[externalID] else {
            // The page has two names for this. An id that another source uses is not found "for this source".
            let isElsewhere = self.products.keys.contains { $0.id == externalID.id }
            return isElsewhere ? CORError.productNotFound(externalID.id) : CORError.notAssociated()
        }
        if let name = body["name"] {
            guard let name = name.string else { return CORError.validation("name must be a string") }
            product.name = name
        }
        if let description = body["description"] {
            guard description.string != nil || (description == .null && call.behaviour.corNullClears) else {
                return CORError.validation("description must be a string")
            }
            product.description = description.string
        }
        product.updatedAt = Timestamp.text(call.now)
        self.products[externalID] = product
        return VendorAnswer(status: 200, json: CORStandIn.document(product, includesDescription: true))
            .with(notes: CORStandIn.ignored(body, known: ["metadata", "name", "description"]))
    }

    private mutating func delete(_ externalID: ExternalID) -> VendorAnswer {
        guard let product = self.products[externalID] else { return CORError.productNotFound(externalID.id) }
        guard !product.hasProjects else { return CORError.deletion() }
        self.products[externalID] = nil
        return VendorAnswer(status: 200, json: ["message": "Entity deleted successfully"])
    }

    private static func ignored(_ body: SandboxObject, known: [String]) -> [String] {
        body.names.filter { !known.contains($0) }.map { "ignored member \($0)" }
    }

    /// The product as the pages' answers show it: numbers where the requests have external ids.
    static func document(_ product: Product, includesDescription: Bool) -> SandboxJSON {
        var object: SandboxObject = ["id": SandboxJSON(product.id), "name": .string(product.name)]
        if includesDescription, let description = product.description {
            object["description"] = .string(description)
        }
        object["client_id"] = SandboxJSON(product.clientID)
        object["brand_id"] = SandboxJSON(product.brandID)
        object["company_id"] = 2336
        object["user_id"] = 48429
        object["created_at"] = .string(product.createdAt)
        object["updated_at"] = .string(product.updatedAt)
        return .object(object)
    }

    func heldProducts() -> [SandboxJSON] {
        self.products.sorted { $0.value.id < $1.value.id }.map { key, product in
            [
                "source": .string(key.source), "externalId": .string(key.id),
                "product": CORStandIn.document(product, includesDescription: true),
            ]
        }
    }
}
