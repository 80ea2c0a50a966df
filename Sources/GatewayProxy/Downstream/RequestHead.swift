import GatewayHTTP

/// What the gateway needs to know of a request before its body, but for its path: read once from the fields, and kept.
struct RequestHead {
    enum Method: Equatable {
        case get, head, put, patch, post, options, other
    }

    /// What the body says it is.
    enum BodyType: Equatable {
        case absent
        /// `application/json` or `application/merge-patch+json`, in UTF-8 as far as it says.
        case json
        case other(String)
    }

    var method: Method = .other
    var methodText = ""
    var bodyType: BodyType = .absent
    var contentLength: Int?
    /// A content coding other than `identity`, which we do not undo.
    var contentEncoding: String?
    /// `nil`: the caller does not say.
    private var acceptsJSONGiven: Bool?
    var acceptsJSON: Bool { self.acceptsJSONGiven ?? true }
    /// What `accept` says where it takes no JSON.
    private(set) var otherAccept = ""
    var preferences = Preferences()
    var expectsContinue = false
    /// What the caller wants to hold before anything is changed (RFC 9110 section 13).
    var conditions = RequestConditions()
    var requestID: RequestID?
    var trace = ReceivedTrace()
    /// Borrowed: valid while the fields are delivered.
    private(set) var credentials = ShownCredentials()
    /// The last lines of what proxies say of the caller; borrowed likewise.
    private(set) var forwarding = ReceivedForwarding()
    /// Against a rule that those who read the connection leave to us (RFC 9113 section 8.3.1).
    private(set) var isMalformed = false

    init(_ fields: ReceivedFields) {
        var hasHost = false
        for position in 0..<fields.count {
            let field = fields[position]
            self.take(field.name, field.value)
            if case .host = field.name { hasHost = true }
        }
        if hasHost, Self.hostsDiffer(fields) { self.isMalformed = true }
    }

    /// Whether `:authority` and `host` name different hosts (RFC 9113 section 8.3.1).
    private static func hostsDiffer(_ fields: ReceivedFields) -> Bool {
        guard let authority = fields.string(.authority), let host = fields.string(.host) else { return false }
        return authority.lowercased() != host.lowercased()
    }

    private mutating func take(_ name: FieldName, _ value: UnsafeBufferPointer<UInt8>) {
        switch name {
        case .method:
            self.method = Self.method(value)
            if self.method == .other { self.methodText = String(decoding: value, as: UTF8.self) }
        case .authority, .host:
            if !Authority.isValid(value) { self.isMalformed = true }
        case .contentType:
            self.bodyType = MediaType.isJSON(value) ? .json : .other(String(decoding: value, as: UTF8.self))
        case .contentLength:
            // What is not a number is refused by then (RFC 9113 section 8.1.1); too large for us is just large.
            self.contentLength = DecimalDigits.value(of: value) ?? Int.max
        case .contentEncoding:
            let coding = String(decoding: value, as: UTF8.self)
            if coding.lowercased() != "identity" { self.contentEncoding = coding }
        case .accept:
            // Several lines are one list (RFC 9110 section 5.2).
            let acceptsJSON = MediaType.acceptsJSON(value)
            self.acceptsJSONGiven = self.acceptsJSONGiven == true || acceptsJSON
            if !acceptsJSON { self.otherAccept += "," + String(decoding: value, as: UTF8.self) }
        case .prefer:
            self.preferences.read(value)
        case .expect:
            self.expectsContinue = String(decoding: value, as: UTF8.self).lowercased() == "100-continue"
        case .ifMatch:
            self.conditions.takeIfMatch(value)
        case .ifNoneMatch:
            self.conditions.hasIfNoneMatch = true
        case .idempotencyKey:
            self.conditions.takeIdempotencyKey(value)
        case .forwarded:
            self.forwarding.take(forwarded: value)
        case .xForwardedFor:
            self.forwarding.take(xForwardedFor: value)
        case .clientCert:
            self.forwarding.take(certificate: value)
        case .authorization:
            self.credentials.take(authorization: value)
        case .xAPIKey:
            self.credentials.take(apiKey: value)
        case .xRequestID:
            self.requestID = RequestID(value)
        case .traceparent:
            self.trace.take(parent: value)
        case .tracestate:
            self.trace.take(state: value)
        default:
            break
        }
    }

    private static func method(_ value: UnsafeBufferPointer<UInt8>) -> Method {
        func matches(_ name: StaticString) -> Bool { name.spells(value) }
        // In the order of how often they come.
        if matches("PUT") { return .put }
        if matches("PATCH") { return .patch }
        if matches("POST") { return .post }
        if matches("GET") { return .get }
        if matches("HEAD") { return .head }
        if matches("OPTIONS") { return .options }
        return .other
    }
}

extension RequestHead {
    /// The method as the caller wrote it.
    var methodName: String {
        switch self.method {
        case .get: "GET"
        case .head: "HEAD"
        case .put: "PUT"
        case .patch: "PATCH"
        case .post: "POST"
        case .options: "OPTIONS"
        case .other: self.methodText
        }
    }
}
