/// SoftwareOne's Marketplace catalog API, as its pages and OpenAPI document describe it: update and read of products.
///
/// Sources: the page "Update Product", the OpenAPI document's `UpdateProductRequest` (no other members allowed), the
/// errors pages for the shapes of failures, and the canon's preamble for what answers leave out.
struct SoftwareOneStandIn: VendorStandIn {
    static let vendor = SandboxVendor.softwareOne
    static let provocations = ProvocationTable(ownProvocations)
    static let paths = [
        "PUT /public/v1/catalog/products/{id}", "GET /public/v1/catalog/products/{id}",
        "PUT /v1/catalog/products/{id}", "GET /v1/catalog/products/{id}",
    ]

    struct Product: Sendable {
        var id: String
        var name: String
        var shortDescription: String?
        var longDescription: String?
        /// `externalIds.operations`, the only external id the request may set.
        var operationsID: String?
        var website: String?
        var status: String
        var revision: Int
        /// Belongs to another account: every access is forbidden to this token.
        var isForeign = false
        var createdAt = "2025-02-21T18:06:53.150Z"
        var updatedAt = "2025-02-21T18:06:53.150Z"
    }

    let credentials: SandboxCredentials
    var onceMemory: OnceMemory
    var products: [String: Product] = SoftwareOneStandIn.seed

    init(_ options: SandboxOptions) {
        self.credentials = options.credentials
        self.onceMemory = OnceMemory(countMax: options.limits.onceMemoryMax)
    }

    func productSegments(_ target: RequestTarget) -> [String]? {
        target.segments(behind: ["public", "v1", "catalog", "products"])
            ?? target.segments(behind: ["v1", "catalog", "products"])
    }

    func creationID(_: VendorCall) -> String { "" }

    mutating func perform(_ operation: ProductOperation, _ call: VendorCall) -> VendorAnswer {
        guard operation == .read || operation == .update else {
            return self.plainError(405, "Method Not Allowed")
        }
        let id = call.marks.id
        guard SoftwareOneStandIn.isProductID(id) else { return SoftwareOneError.edge(404, "Resource not found") }
        guard let product = self.products[id] else { return SoftwareOneError.notFound(id) }
        guard !product.isForeign else { return SoftwareOneError.forbidden() }
        if operation == .read { return self.answer(product, call) }
        return self.update(product, call)
    }

    /// `PRD-1234-1234`.
    private static func isProductID(_ id: String) -> Bool {
        let parts = id.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0] == "PRD"
            && parts.dropFirst().allSatisfy { $0.utf8.count == 4 && $0.utf8.allSatisfy { (48...57).contains($0) } }
    }

    // MARK: Update

    private mutating func update(_ stored: Product, _ call: VendorCall) -> VendorAnswer {
        let body: SandboxObject
        switch SoftwareOneStandIn.body(of: call) {
        case .success(let object): body = object
        case .failure(let refusal): return refusal.answer
        }
        let mistakes = SoftwareOneStandIn.mistakes(body)
        guard mistakes.isEmpty else { return SoftwareOneError.errorsObject(mistakes) }

        var product = stored
        let nullClears = call.behaviour.softwareOneNullClears
        var notes: [String] = []
        func apply(_ name: String, _ value: SandboxJSON?, _ member: WritableKeyPath<Product, String?>) {
            guard let value else { return }
            if value == .null, !nullClears {
                notes.append("null counts as not supplied: \(name)")
            } else {
                product[keyPath: member] = value.string
            }
        }
        switch body["name"] {
        case .string(let name)? where !name.isEmpty: product.name = name
        case .null? where !nullClears: notes.append("null counts as not supplied: name")
        case nil: break
        default:
            return SoftwareOneError.errorsArray([("Name is required", ["name"])])
        }
        apply("shortDescription", body["shortDescription"], \.shortDescription)
        apply("longDescription", body["longDescription"], \.longDescription)
        apply("website", body["website"], \.website)
        apply("externalIds.operations", body["externalIds"]?["operations"], \.operationsID)
        if body["externalIds"] == .null, nullClears { product.operationsID = nil }
        if let website = product.website, website.contains(" ") {
            return SoftwareOneError.errorsArray([("Website is not a valid address", ["website"])])
        }
        product.revision += 1
        product.updatedAt = Timestamp.text(call.now, milliseconds: true)
        self.products[product.id] = product
        return self.answer(product, call).with(notes: notes)
    }

    private struct Refusal: Error { let answer: VendorAnswer }

    /// The body itself, or the part `product` of a form: the vendor takes both.
    private static func body(of call: VendorCall) -> Result<SandboxObject, Refusal> {
        let document: VendorCall.Document
        switch call.contentType {
        case "application/json"?: document = call.document
        case "multipart/form-data"?:
            guard let part = MultipartForm(call)?.part("product") else {
                return .failure(
                    Refusal(answer: SoftwareOneError.errorsObject([("product", "The product field is required.")])))
            }
            do {
                document = .value(try SandboxJSON(reading: part))
            } catch {
                document = .malformed(reason: error.reason)
            }
        default: return .failure(Refusal(answer: SoftwareOneError.unsupportedMediaType()))
        }
        switch document {
        case .value(.object(let object)): return .success(object)
        case .value:
            return .failure(
                Refusal(answer: SoftwareOneError.errorsObject([("$", "The JSON value could not be converted.")])))
        case .malformed(let reason): return .failure(Refusal(answer: SoftwareOneError.errorsObject([("$", reason)])))
        case .absent:
            return .failure(
                Refusal(answer: SoftwareOneError.errorsObject([("", "A non-empty request body is required.")])))
        }
    }

    /// What does not fit `UpdateProductRequest`: its five members are nullable strings but for `externalIds`, and no
    /// others are allowed, neither there nor in `externalIds`.
    private static func mistakes(_ body: SandboxObject) -> [(field: String, message: String)] {
        var mistakes: [(field: String, message: String)] = []
        func checkText(_ path: String, _ value: SandboxJSON) {
            guard value.string == nil, value != .null else { return }
            mistakes.append((path, "The JSON value could not be converted to System.String. Path: $.\(path)"))
        }
        func refuse(_ path: String) {
            mistakes.append((path, "The JSON property '\(path)' could not be mapped to any member."))
        }
        for member in body.members {
            switch member.name {
            case "name", "shortDescription", "longDescription", "website": checkText(member.name, member.value)
            case "externalIds":
                guard let ids = member.value.object else {
                    if member.value != .null {
                        mistakes.append((member.name, "The JSON value could not be converted. Path: $.externalIds"))
                    }
                    continue
                }
                for id in ids.members {
                    if id.name == "operations" {
                        checkText("externalIds.operations", id.value)
                    } else {
                        refuse("externalIds.\(id.name)")
                    }
                }
            default: refuse(member.name)
            }
        }
        return mistakes
    }

    // MARK: Answers

    private func answer(_ product: Product, _ call: VendorCall) -> VendorAnswer {
        let includesAudit = call.target.query("select")?.contains("audit") ?? false
        return VendorAnswer(
            status: 200,
            json: SoftwareOneStandIn.document(product, id: call.marks.rawID, includesAudit: includesAudit))
    }

    func heldProducts() -> [SandboxJSON] {
        self.products.values.sorted { $0.id < $1.id }.map {
            SoftwareOneStandIn.document($0, id: $0.id, includesAudit: false)
        }
    }

    // MARK: Access

    mutating func answerToken(_: VendorCall) -> VendorAnswer? { nil }

    func refuseBearer(_ call: VendorCall) -> VendorAnswer? {
        call.credential("bearer") == self.credentials.softwareOneToken ? nil : SoftwareOneError.unauthorized()
    }

    func plainError(_ status: Int, _ message: String) -> VendorAnswer {
        SoftwareOneError.edge(status, message == "Not Found" ? "Resource not found" : message)
    }

    /// Its tokens are made in its portal and live until they are deleted there.
    var tokensIssued: Int { 0 }

    mutating func expireTokens() {}
}
