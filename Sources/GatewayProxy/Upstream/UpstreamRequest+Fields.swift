import GatewayHTTP

extension UpstreamRequest {
    /// Writes the fields that a vendor gets, in whatever version. Where the request goes (method, host, path) each
    /// version writes in its own way, before them.
    func append(to fields: some FieldWriter) {
        let content = self.content
        if let authorization = self.authorization {
            // Indexed by HPACK on purpose: a token is long and random, so nothing can be guessed from sizes
            // (RFC 7541 section 7.1), and it would be most of every request.
            switch self.secretPlace {
            case .authorization: fields.append("authorization", authorization)
            case .header(let name): fields.append(name: name, value: String(decoding: authorization, as: UTF8.self))
            case .query: break
            }
        }
        for field in content.headers { fields.append(name: field.name, value: field.value) }
        fields.append("user-agent", Self.userAgent)
        if !content.body.isEmpty || content.method != "GET" {
            fields.append("content-length", decimal: content.body.count)
        }
        self.requestID.withBytes { fields.append("x-request-id", $0, isSensitive: true) }
        if let key = self.vendorKey { fields.append(name: key.name, value: key.value) }
        if let actor = self.actor { fields.append(name: actor.name, value: actor.value) }
        if let trace = self.trace { trace.append(to: fields) }
    }

    private static let userAgent = Array("product-gateway/\(GatewayVersion.string)".utf8)
}
