/// One request at a vendor's door: what the stand-ins work with.
struct VendorCall {
    /// What the body is, read once before any stand-in is locked.
    enum Document {
        case absent
        case value(SandboxJSON)
        case malformed(reason: String)
    }

    let method: String
    let target: RequestTarget
    let headers: [SandboxHeader]
    let body: [UInt8]
    let document: Document
    /// Seconds since 1970.
    let now: Double
    let behaviour: SandboxBehaviour
    /// What the requester asked to be provoked: the words of the magic id and of the `sandbox-provoke` header.
    var marks = MagicMarks()

    init(_ request: SandboxRequest, target: RequestTarget, now: Double, behaviour: SandboxBehaviour) {
        self.method = request.method
        self.target = target
        self.headers = request.headers
        self.body = request.body
        self.now = now
        self.behaviour = behaviour
        if request.body.isEmpty {
            self.document = .absent
        } else {
            do {
                self.document = .value(try SandboxJSON(reading: request.body))
            } catch {
                self.document = .malformed(reason: error.reason)
            }
        }
    }

    /// One product's part of a request about several.
    init(_ call: VendorCall, method: String, item: SandboxJSON) {
        self.method = method
        self.target = call.target
        self.headers = call.headers
        self.body = item.written(.plain)
        self.document = .value(item)
        self.now = call.now
        self.behaviour = call.behaviour
    }

    /// The media type without parameters, in lower case.
    var contentType: String? {
        guard let field = self.headers.first("content-type") else { return nil }
        if field == "application/json" { return field }
        return field.split(separator: ";").first.map { $0.filter { $0 != " " }.lowercased() }
    }

    var hasJSONContentType: Bool { self.contentType == "application/json" }

    /// The credential of an `Authorization` header of that scheme (RFC 9110 section 11.6.2; schemes ignore case).
    func credential(_ scheme: String) -> String? {
        guard let header = self.headers.first("authorization") else { return nil }
        let parts = header.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard parts.count == 2, Substring(parts[0]).lowercased() == scheme else { return nil }
        return String(Substring(parts[1]))
    }

    /// The body as an object, or nil.
    var object: SandboxObject? {
        if case .value(.object(let object)) = self.document { return object }
        return nil
    }
}
