import GatewayHTTP

/// The fields of every answer, in one place for every protocol version.
enum AnswerFields {
    /// - Parameters:
    ///   - via: the protocol that the caller spoke, and who answers (RFC 9110 section 7.6.3).
    ///   - isWhole: the body is there, so that its length can be told.
    static func append(
        _ answer: Answer, requestID: RequestID, date: [UInt8], via: StaticString, isWhole: Bool = true,
        to fields: some FieldWriter
    ) {
        switch answer.contentType {
        case .none: break
        case let contentType: fields.append("content-type", contentType.text)
        }
        // A 204 must not have one (RFC 9110 section 8.6).
        if isWhole, answer.status != 204 { fields.append("content-length", decimal: answer.body.count) }
        fields.append("date", date, isSensitive: false)
        fields.append("via", via)
        requestID.withBytes { fields.append("x-request-id", $0, isSensitive: true) }
        fields.append("cache-control", "no-store")
        if let seconds = answer.retryAfterSeconds {
            fields.append("retry-after", decimal: seconds)
        }
        if let allow = answer.allow { fields.append("allow", allow) }
        if !answer.accepted.isEmpty { self.append(answer.accepted, to: fields) }
        if let preference = answer.preferenceApplied {
            fields.append("preference-applied", preference, isSensitive: false)
        }
        if let location = answer.location { fields.append("location", location, isSensitive: true) }
        if let entityTag = answer.entityTag { fields.append("etag", entityTag, isSensitive: true) }
        if answer.isReplayed { fields.append("idempotent-replayed", "true") }
        if let proxyStatus = answer.proxyStatus {
            fields.append("proxy-status", proxyStatus, isSensitive: false)
        }
        if let challenge = answer.challenge { fields.append("www-authenticate", challenge, isSensitive: false) }
        if let rateLimit = answer.rateLimit {
            fields.append("ratelimit-policy", rateLimit.policy, isSensitive: false)
            fields.append("ratelimit", rateLimit.limit, isSensitive: true)
        }
    }

    /// The media types of a product's bodies, the one that says best what an update is first.
    private static let bodyTypes: StaticString = "application/merge-patch+json, application/json"

    private static func append(_ accepted: Answer.Accepted, to fields: some FieldWriter) {
        if accepted.contains(.patches) { fields.append("accept-patch", self.bodyTypes) }
        if accepted.contains(.mediaTypes) { fields.append("accept", self.bodyTypes) }
        if accepted.contains(.streams) {
            fields.append("accept", "application/jsonl, application/x-ndjson, application/json-seq")
        }
        if accepted.contains(.codings) { fields.append("accept-encoding", "identity") }
    }
}
