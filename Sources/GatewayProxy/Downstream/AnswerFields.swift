import GatewayHTTP2

/// The fields of every answer, in one place for every protocol version.
enum AnswerFields {
    static func append(
        _ answer: Answer, requestID: RequestID, date: [UInt8], to fields: HTTP2FieldList
    ) {
        fields.append(":status", decimal: answer.status)
        switch answer.contentType {
        case .none: break
        case let contentType: fields.append("content-type", contentType.text)
        }
        // A 204 must not have one (RFC 9110 section 8.6).
        if answer.status != 204 { fields.append("content-length", decimal: answer.body.count) }
        fields.append("date", date)
        fields.append("via", "2 product-gateway")
        fields.append("x-request-id", requestID.bytes, isSensitive: true)
        fields.append("cache-control", "no-store")
        if let seconds = answer.retryAfterSeconds {
            fields.append("retry-after", decimal: seconds)
        }
        if let allow = answer.allow { fields.append("allow", allow) }
        if let preference = answer.preferenceApplied {
            fields.append("preference-applied", preference)
        }
        if let proxyStatus = answer.proxyStatus {
            fields.append("proxy-status", proxyStatus)
        }
    }
}
