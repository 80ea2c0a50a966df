import GatewayHTTP2

extension RequestHead {
    /// Reads a request of HTTP/1.1.
    ///
    /// - Parameters:
    ///   - path: path and query.
    ///   - fields: names in lower case.
    init(method: String, fields: some Sequence<(name: String, value: String)>) {
        self.init()
        var method = method
        method.withUTF8 { self.take(.method, $0) }
        for field in fields {
            var field = field
            let name = field.name.withUTF8 { HTTP2FieldName.known($0) }
            field.value.withUTF8 { self.take(name, $0) }
        }
    }
}
