/// Fynn's billing catalogue, as the page "Update a product" shows it: read, update and create.
///
/// The page shows one request and one answer and says little else. What is chosen here (a PUT replaces, errors are
/// Symfony's, entity tags) is unverified and can be switched: `SandboxBehaviour`, and the magic words.
struct CatalogueStandIn: VendorStandIn {
    static let vendor = SandboxVendor.catalogue
    static let provocations = ProvocationTable(ownProvocations)
    static let paths = [
        "GET /catalogue/products/{id}", "PUT /catalogue/products/{id}", "POST /catalogue/products",
    ]

    struct Product: Sendable {
        /// Every member of the page's answer, in its order; an empty map is an object here.
        var document: SandboxObject
        var revision: Int
    }

    let credentials: SandboxCredentials
    let productsMax: Int
    var onceMemory: OnceMemory
    var products: [String: Product] = CatalogueStandIn.seed
    /// The ids in the order of their creation.
    var order: [String] = CatalogueStandIn.seed.keys.sorted()
    var identifiers = SeededIdentifiers(seed: 2)

    init(_ options: SandboxOptions) {
        self.credentials = options.credentials
        self.productsMax = options.limits.productsMax
        self.onceMemory = OnceMemory(countMax: options.limits.onceMemoryMax)
    }

    func productSegments(_ target: RequestTarget) -> [String]? {
        target.segments(behind: ["catalogue", "products"])
    }

    /// The `number`, which is the caller's own name for a product.
    func creationID(_ call: VendorCall) -> String {
        call.object?["number"]?.string ?? ""
    }

    mutating func perform(_ operation: ProductOperation, _ call: VendorCall) -> VendorAnswer {
        switch operation {
        case .read: self.read(call)
        case .update: self.update(call)
        case .create: self.create(call)
        case .delete: self.plainError(405, "Method Not Allowed")
        }
    }

    private mutating func read(_ call: VendorCall) -> VendorAnswer {
        guard let product = self.products[call.marks.id] else { return CatalogueError.notFoundEmpty() }
        let answer = self.answer(200, product, call, emptyMaps: .array([]))
        if call.marks.contains("etag-race") {
            // Someone else writes right after this read.
            self.products[call.marks.id]?.revision += 1
        }
        return answer
    }

    private mutating func update(_ call: VendorCall) -> VendorAnswer {
        guard let product = self.products[call.marks.id] else { return CatalogueError.notFoundEmpty() }
        let body: SandboxObject
        switch CatalogueStandIn.body(of: call) {
        case .success(let object): body = object
        case .failure(let refusal): return refusal.answer
        }
        if let refusal = CatalogueStandIn.refusePrecondition(product, call) { return refusal }
        let replaces = call.behaviour.catalogueUpdate == .replace && !call.marks.contains("partial")
        var draft = CatalogueDraft(
            product.document, pathID: call.marks.rawID, absentMembers: replaces ? .clear : .keep)
        draft.apply(body)
        return self.store(&draft, product: product, id: call.marks.id, status: 200, call)
    }

    private mutating func create(_ call: VendorCall) -> VendorAnswer {
        let body: SandboxObject
        switch CatalogueStandIn.body(of: call) {
        case .success(let object): body = object
        case .failure(let refusal): return refusal.answer
        }
        guard self.products.count < self.productsMax else {
            return self.plainError(503, "The sandbox holds \(self.productsMax) products and takes no more.")
        }
        let id = self.identifiers.uuid()
        let blank = CatalogueStandIn.blank(id, createdAt: Timestamp.text(call.now))
        var draft = CatalogueDraft(blank, pathID: nil, absentMembers: .clear)
        draft.apply(body)
        let isNew = draft.violations.isEmpty
        let answer = self.store(&draft, product: Product(document: blank, revision: 0), id: id, status: 201, call)
        if isNew { self.order.append(id) }
        return answer
    }

    private mutating func store(
        _ draft: inout CatalogueDraft, product: Product, id: String, status: Int, _ call: VendorCall
    ) -> VendorAnswer {
        guard draft.violations.isEmpty else { return CatalogueError.violations(draft.violations) }
        draft.document["updatedAt"] = .string(Timestamp.text(call.now))
        let stored = Product(document: draft.document, revision: product.revision + 1)
        self.products[id] = stored
        return self.answer(status, stored, call, emptyMaps: [:]).with(notes: draft.notes)
    }

    private struct Refusal: Error { let answer: VendorAnswer }

    private static func body(of call: VendorCall) -> Result<SandboxObject, Refusal> {
        guard call.hasJSONContentType else {
            return .failure(Refusal(answer: CatalogueError.message(415, "The content type is not supported.")))
        }
        guard let object = call.object else {
            return .failure(Refusal(answer: CatalogueError.message(400, "Syntax error")))
        }
        return .success(object)
    }

    // MARK: Entity tags

    private static func entityTagMode(_ call: VendorCall) -> SandboxBehaviour.CatalogueETag {
        if call.marks.contains("etag-409") { return .conflict }
        if call.marks.contains("etag") || call.marks.contains("etag-race") { return .preconditionFailed }
        return call.behaviour.catalogueETag
    }

    private static func entityTag(_ product: Product) -> String { "\"r\(product.revision)\"" }

    /// RFC 9110 section 13.1.1: `*` or a list of tags, one of which must be the current one.
    private static func refusePrecondition(_ product: Product, _ call: VendorCall) -> VendorAnswer? {
        let mode = self.entityTagMode(call)
        guard mode != .off, let condition = call.headers.first("if-match"), condition != "*" else { return nil }
        let tags = condition.split(separator: ",").map { $0.filter { $0 != " " } }
        if tags.contains(self.entityTag(product)) { return nil }
        return mode == .conflict
            ? CatalogueError.message(409, "The product has been changed in the meantime.")
            : CatalogueError.message(412, "The entity tag does not match.")
    }

    // MARK: Answers

    /// - Parameter emptyMaps: `{}` as the page's answer has it, `[]` as its request has it: PHP writes an empty map as
    ///   either, so updates answer with the one and reads with the other.
    private func answer(
        _ status: Int, _ product: Product, _ call: VendorCall, emptyMaps: SandboxJSON
    ) -> VendorAnswer {
        var emptyMap = emptyMaps
        if call.marks.contains("array-maps") { emptyMap = .array([]) }
        if call.marks.contains("object-maps") { emptyMap = [:] }
        var document = product.document
        if call.marks.rawID != call.marks.id, status == 200 { document["id"] = .string(call.marks.rawID) }
        for name in ["translations", "customFields"] where document[name]?.isEmpty == true {
            document[name] = emptyMap
        }
        var answer = VendorAnswer(status: status, json: .object(document))
        if call.marks.contains("escaped") { answer.body = .json(.object(document), .escaped) }
        if CatalogueStandIn.entityTagMode(call) != .off {
            answer.headers.append(SandboxHeader("etag", CatalogueStandIn.entityTag(product)))
        }
        return answer
    }

    func heldProducts() -> [SandboxJSON] {
        self.order.compactMap { self.products[$0].map { .object($0.document) } }
    }

    // MARK: Access

    mutating func answerToken(_: VendorCall) -> VendorAnswer? { nil }

    func refuseBearer(_ call: VendorCall) -> VendorAnswer? {
        call.credential("bearer") == self.credentials.catalogueToken
            ? nil : CatalogueError.message(401, "Invalid API key.")
    }

    func plainError(_ status: Int, _ message: String) -> VendorAnswer {
        CatalogueError.message(status, message)
    }

    /// Its API keys are made in its application.
    var tokensIssued: Int { 0 }

    mutating func expireTokens() {}
}
