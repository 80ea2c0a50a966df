/// What a recorded vendor answers: routes, an example of its product, and its documented errors, read from the file
/// `sandbox.json` of its dialect's folder. Data only; `RecordedStandIn` plays it.
struct RecordedVendor: Sendable {
    enum Action: String, Sendable { case create, read, update, replace, batch, none }

    struct Route: Sendable {
        let method: String
        /// Segments; `{id}` is the product's.
        let path: [String]
        /// Words that the body has, where several routes share a path.
        let contains: String?
        let action: Action
        let isForm: Bool
        /// Pointers into the request: to the id, and to the fields.
        let idAt: String?
        let from: String
        /// Pointer into the product, to where the fields are.
        let into: String
        /// Lists that are merged by a member of their elements.
        let keys: [String: String]
        /// Vendor actions: the name of each, and from which member to which place of the product.
        let actions: [String: [String: String]]
        /// Where the request gives the version that it is based on: a pointer, or a header field's name.
        let version: String?
        let status: Int
        let answer: SandboxJSON?
        let headers: [SandboxHeader]
        /// Of a request about several products.
        let batch: Batch?
    }

    /// How several products go in one request, each as by another route.
    struct Batch: Sendable {
        /// Method and path, as that route has them.
        let each: String
        /// Pointer to the array; nil where there is one text a line.
        let items: String?
        let max: Int
        /// Nothing is done unless all can be: then the first error is the answer.
        let isWhole: Bool
        /// Pointer into the answer of one, to what becomes `{answer}`.
        let from: String
        /// What is told of one, with `{line}`, `{id}`, `{status}` and `{answer}`; `"..."` takes the members of it.
        let success: SandboxJSON
        let failure: SandboxJSON
        /// Pointer to where the results stand in the answer.
        let results: String
    }

    struct Error: Sendable {
        let status: Int
        let headers: [SandboxHeader]
        let body: String
    }

    let name: String
    let product: SandboxJSON
    /// Pointer into the product.
    let idAt: String
    let idForm: String
    let idIsNumber: Bool
    /// Pointer into the product to its version, a number that each change makes larger.
    let versionAt: String?
    let routes: [Route]
    /// By the words behind `~` of an id.
    let errors: [String: Error]
    /// Which of them says that there is no such product, and which that it has changed.
    let missing: String
    let stale: String

    init?(name: String, _ document: SandboxJSON) {
        guard let root = document.object, let product = root["product"], let routes = root["routes"]?.array else {
            return nil
        }
        self.name = name
        self.product = product
        self.idAt = root["idAt"]?.string ?? "/id"
        self.idForm = root["idForm"]?.string ?? "{id}"
        self.idIsNumber = root["idIsNumber"]?.bool ?? false
        self.versionAt = root["versionAt"]?.string
        self.routes = routes.compactMap { $0.object.flatMap(Self.route) }
        self.missing = root["missing"]?.string ?? "404"
        self.stale = root["stale"]?.string ?? "409"
        var errors: [String: Error] = [:]
        for member in root["errors"]?.object?.members ?? [] {
            guard let error = member.value.object else { continue }
            errors[member.name] = Error(
                status: error["status"]?.integer ?? 500, headers: Self.headers(error["headers"]),
                body: error["body"]?.string ?? "")
        }
        self.errors = errors
    }

    private static func route(_ object: SandboxObject) -> Route? {
        guard let method = object["method"]?.string, let path = object["path"]?.string else { return nil }
        return Route(
            method: method, path: path.split(separator: "/").map(String.init), contains: object["contains"]?.string,
            action: Action(rawValue: object["do"]?.string ?? "") ?? .update, isForm: object["form"]?.bool ?? false,
            idAt: object["idAt"]?.string, from: object["from"]?.string ?? "", into: object["into"]?.string ?? "",
            keys: Self.texts(object["keys"]),
            actions: Dictionary(
                uniqueKeysWithValues: (object["actions"]?.object?.members ?? []).map {
                    ($0.name, Self.texts($0.value))
                }),
            version: object["version"]?.string, status: object["status"]?.integer ?? 200, answer: object["answer"],
            headers: Self.headers(object["headers"]), batch: object["batch"]?.object.flatMap(Self.batch))
    }

    private static func batch(_ object: SandboxObject) -> Batch? {
        guard let each = object["each"]?.string else { return nil }
        return Batch(
            each: each, items: object["lines"]?.bool == true ? nil : object["items"]?.string ?? "",
            max: object["max"]?.integer ?? 100, isWhole: object["whole"]?.bool ?? false,
            from: object["from"]?.string ?? "", success: object["success"] ?? "{answer}",
            failure: object["failure"] ?? "{answer}", results: object["results"]?.string ?? "")
    }

    private static func texts(_ json: SandboxJSON?) -> [String: String] {
        Dictionary(
            (json?.object?.members ?? []).map { ($0.name, $0.value.string ?? "") },
            uniquingKeysWith: { first, _ in first })
    }

    private static func headers(_ json: SandboxJSON?) -> [SandboxHeader] {
        (json?.object?.members ?? []).map { SandboxHeader($0.name, $0.value.string ?? "") }
    }
}
