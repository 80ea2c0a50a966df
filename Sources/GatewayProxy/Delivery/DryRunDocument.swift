package import GatewayJSON
package import GatewayTranslation

/// The vendor request as a caller or an integrator sees it: what would be sent, with the secrets masked.
package enum DryRunDocument {
    /// The document of a dry run over the API.
    ///
    /// - Parameters:
    ///   - reading: what is sent first, where the vendor replaces whole products: `body` is laid over its answer.
    ///   - isOneOfSeveral: it is a result beside others, each of which says with what status.
    static func json(
        _ request: VendorRequest, reading: VendorRequest? = nil, target: Target, requestID: RequestID,
        isOneOfSeveral: Bool = false
    ) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: request.body.count + 512)
        writer.beginObject()
        writer.member("target", target.name)
        if isOneOfSeveral { writer.member("status", 200) }
        let authorization = target.credentials.masked
        if let reading {
            writer.object("reads") {
                self.writeHead(of: reading, baseURL: target.baseURL, authorization: authorization, to: &$0)
            }
        }
        self.writeMembers(of: request, baseURL: target.baseURL, authorization: authorization, to: &writer)
        writer.member("requestId", requestID.string)
        writer.endObject()
        return writer.bytes
    }

    /// Writes `method`, `url`, `headers`, `body` and `warnings` into an object that is open already.
    ///
    /// `body` is the document itself, every carried value as it came.
    ///
    /// - Parameter authorization: what stands in the place of the credentials, such as `Bearer ***`.
    package static func writeMembers(
        of request: VendorRequest, baseURL: String, authorization: String?,
        to writer: inout JSONWriter
    ) {
        self.writeHead(of: request, baseURL: baseURL, authorization: authorization, to: &writer)
        if !request.body.isEmpty { writer.member("body", raw: request.body) }
        writer.name("warnings")
        writer.beginArray()
        for warning in request.warnings { warning.write(to: &writer) }
        writer.endArray()
    }

    /// Writes `method`, `url` and `headers`.
    private static func writeHead(
        of request: VendorRequest, baseURL: String, authorization: String?, to writer: inout JSONWriter
    ) {
        writer.member("method", request.method)
        writer.member("url", baseURL + request.pathText)
        writer.name("headers")
        writer.beginObject()
        for header in request.headers { writer.member(header.name, header.value) }
        if let authorization { writer.member("authorization", authorization) }
        writer.endObject()
    }
}

extension Credentials {
    /// How the credentials show in a dry run.
    var masked: String? {
        switch self {
        case .none: nil
        case .bearer, .oauth2: "Bearer ***"
        }
    }
}
