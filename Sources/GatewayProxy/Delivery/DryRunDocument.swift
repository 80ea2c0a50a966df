package import GatewayConfiguration
package import GatewayJSON
package import GatewayTranslation

/// The vendor request as a caller or an integrator sees it: what would be sent, with the secrets masked.
package enum DryRunDocument {
    /// The document of a dry run over the API.
    ///
    /// - Parameters:
    ///   - reading: what is sent first, where the vendor replaces whole products: `body` is laid over its answer.
    ///   - following: what is sent behind it, where it succeeds.
    ///   - isOneOfSeveral: it is a result beside others, each of which says with what status.
    static func json(
        _ request: VendorRequest, reading: VendorRequest? = nil, following: [VendorRequest] = [], target: Target,
        requestID: RequestID,
        isOneOfSeveral: Bool = false
    ) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: request.body.count + 512)
        writer.beginObject()
        writer.member("target", target.name)
        if isOneOfSeveral { writer.member("status", 200) }
        let credentials = target.credentials.masked
        if let reading {
            writer.object("reads") {
                self.writeHead(of: reading, baseURL: target.baseURL, credentials: credentials, to: &$0)
            }
        }
        self.writeMembers(
            of: request, following: following, baseURL: target.baseURL, credentials: credentials, to: &writer)
        writer.member("requestId", requestID.string)
        writer.endObject()
        return writer.bytes
    }

    /// Writes `method`, `url`, `headers`, `body`, `then` and `warnings` into an object that is open already.
    ///
    /// `body` is the document itself, every carried value as it came.
    ///
    /// - Parameter credentials: what stands in the place of the credentials, such as `Bearer ***`.
    package static func writeMembers(
        of request: VendorRequest, following: [VendorRequest] = [], baseURL: String,
        credentials: MaskedCredentials?, to writer: inout JSONWriter
    ) {
        self.writeHead(of: request, baseURL: baseURL, credentials: credentials, to: &writer)
        self.writeBody(of: request, to: &writer)
        if !following.isEmpty {
            writer.array("then") { writer in
                for request in following {
                    writer.beginObject()
                    self.writeHead(of: request, baseURL: baseURL, credentials: credentials, to: &writer)
                    self.writeBody(of: request, to: &writer)
                    writer.endObject()
                }
            }
        }
        writer.name("warnings")
        writer.beginArray()
        for warning in request.warnings { warning.write(to: &writer) }
        writer.endArray()
    }

    private static func writeBody(of request: VendorRequest, to writer: inout JSONWriter) {
        guard !request.body.isEmpty else { return }
        // A form is no JSON: it is shown as the text that it is.
        if request.isJSON {
            writer.member("body", raw: request.body)
        } else {
            writer.member("body", String(decoding: request.body, as: UTF8.self))
        }
    }

    /// Writes `method`, `url` and `headers`.
    private static func writeHead(
        of request: VendorRequest, baseURL: String, credentials: MaskedCredentials?, to writer: inout JSONWriter
    ) {
        writer.member("method", request.method)
        let mark = request.pathText.contains("?") ? "&" : "?"
        writer.member("url", baseURL + request.pathText + (credentials?.query.map { mark + $0 } ?? ""))
        writer.name("headers")
        writer.beginObject()
        for header in request.headers { writer.member(header.name, header.value) }
        if let field = credentials?.field { writer.member(field.name, field.value) }
        writer.endObject()
    }
}

/// How credentials show where secrets must not: in the field or the query that they are sent in.
package struct MaskedCredentials {
    let field: (name: String, value: String)?
    /// Name and value.
    let query: String?

    private init(field: (name: String, value: String)?, query: String? = nil) {
        self.field = field
        self.query = query
    }

    /// Nil for none.
    package init?(_ credentials: GatewayConfiguration.Credentials?) {
        switch credentials {
        case nil: return nil
        case .bearer, .oauth2: self.init(field: ("authorization", "Bearer ***"))
        case .basic: self.init(field: ("authorization", "Basic ***"))
        case .header(let name, _): self.init(field: (name, "***"))
        case .query(let name, _): self.init(field: nil, query: "\(name)=***")
        }
    }

    init?(_ credentials: Credentials) {
        switch credentials {
        case .none: return nil
        case .fixed(let authorization):
            let scheme = String(decoding: authorization.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
            self.init(field: ("authorization", "\(scheme) ***"))
        case .oauth2: self.init(field: ("authorization", "Bearer ***"))
        case .header(let name, _): self.init(field: (name, "***"))
        case .query(let name, _): self.init(field: nil, query: "\(name)=***")
        }
    }
}

extension Credentials {
    /// How the credentials show in a dry run.
    var masked: MaskedCredentials? { MaskedCredentials(self) }
}
