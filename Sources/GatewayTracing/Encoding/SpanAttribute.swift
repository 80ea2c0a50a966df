/// An attribute of a span, under the name that the semantic conventions give it.
struct SpanAttribute: Equatable {
    enum Value: Equatable {
        case text(String)
        case integer(Int)
    }

    let name: String
    let value: Value
}

extension SpanRecord {
    /// OpenTelemetry semantic conventions 1.27 and later: HTTP spans; and the gateway's own.
    var attributes: [SpanAttribute] {
        var attributes: [SpanAttribute] = []
        func add(_ name: String, _ text: String) {
            if !text.isEmpty { attributes.append(SpanAttribute(name: name, value: .text(text))) }
        }
        func add(_ name: String, _ number: Int) {
            if number != 0 { attributes.append(SpanAttribute(name: name, value: .integer(number))) }
        }
        add("http.request.method", self.method)
        add("http.route", self.route)
        add("http.response.status_code", self.status)
        add("http.request.resend_count", self.resendCount)
        add("error.type", self.errorType)
        add("server.address", self.serverAddress)
        add("server.port", self.serverPort)
        add("network.protocol.version", self.protocolVersion)
        add("product_gateway.operation", self.operation)
        add("product_gateway.target", self.target)
        add("product_gateway.code", self.code)
        add("product_gateway.outcome", self.outcome)
        add("product_gateway.caller", self.caller)
        add("product_gateway.request_id", self.requestID)
        add("product_gateway.line", self.line)
        add("product_gateway.lines", self.lines)
        return attributes
    }
}
