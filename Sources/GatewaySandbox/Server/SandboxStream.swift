import GatewayHTTP
import GatewayHTTP2

/// One request on its way in, and whether it has been answered.
struct SandboxStream {
    var request: SandboxRequest
    /// The body grew beyond the limit; what came after is not kept.
    var isTooLarge = false

    init(_ fields: ReceivedFields, connection: Int, stream: Int) {
        self.request = SandboxRequest(method: "", scheme: "", authority: "", path: "")
        self.request.connection = connection
        self.request.stream = stream
        self.request.headers.reserveCapacity(fields.count)
        for position in 0..<fields.count {
            let field = fields[position]
            let value = String(decoding: field.value, as: UTF8.self)
            switch field.name {
            case .method: self.request.method = value
            case .scheme: self.request.scheme = value
            case .authority: self.request.authority = value
            case .path: self.request.path = value
            default:
                self.request.headers.append(
                    SandboxHeader(String(decoding: field.nameBytes, as: UTF8.self), value))
            }
        }
    }
}
