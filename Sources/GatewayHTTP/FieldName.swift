/// The field names that the gateway acts on, as small numbers, whatever the version of HTTP.
///
/// The first five are control data (RFC 9110 section 6.2), which HTTP/2 writes as fields with a colon before their name
/// (RFC 9113 section 8.3) and HTTP/1.1 in the first line.
package enum FieldName: UInt8, Sendable {
    case other
    case method, path, scheme, authority, status
    case accept, acceptEncoding, authorization, contentEncoding, contentLength, contentType, date
    case etag, expect, host, location, prefer, retryAfter, te, traceparent, tracestate, userAgent
    case via, wwwAuthenticate, xRequestID, requestID, xCorrelationID, ifMatch, ifNoneMatch, idempotencyKey
    case xAPIKey, forwarded, xForwardedFor, clientCert

    /// The longest of the known names.
    private static let bytesMax = 16

    /// The known name with these lower-case bytes, or `.other`. The length tells most of them apart without a
    /// comparison.
    @inlinable
    package static func known(_ name: UnsafeBufferPointer<UInt8>) -> FieldName {
        switch name.count {
        case 2 where ("te" as StaticString).spells(name): .te
        case 3 where ("via" as StaticString).spells(name): .via
        case 4 where ("date" as StaticString).spells(name): .date
        case 4 where ("etag" as StaticString).spells(name): .etag
        case 4 where ("host" as StaticString).spells(name): .host
        case 5 where (":path" as StaticString).spells(name): .path
        case 6 where ("accept" as StaticString).spells(name): .accept
        case 6 where ("expect" as StaticString).spells(name): .expect
        case 6 where ("prefer" as StaticString).spells(name): .prefer
        case 7 where (":method" as StaticString).spells(name): .method
        case 7 where (":scheme" as StaticString).spells(name): .scheme
        case 7 where (":status" as StaticString).spells(name): .status
        case 8 where ("if-match" as StaticString).spells(name): .ifMatch
        case 8 where ("location" as StaticString).spells(name): .location
        case 9 where ("x-api-key" as StaticString).spells(name): .xAPIKey
        case 9 where ("forwarded" as StaticString).spells(name): .forwarded
        case 10 where (":authority" as StaticString).spells(name): .authority
        case 10 where ("user-agent" as StaticString).spells(name): .userAgent
        case 10 where ("request-id" as StaticString).spells(name): .requestID
        case 10 where ("tracestate" as StaticString).spells(name): .tracestate
        case 11 where ("retry-after" as StaticString).spells(name): .retryAfter
        case 11 where ("traceparent" as StaticString).spells(name): .traceparent
        case 11 where ("client-cert" as StaticString).spells(name): .clientCert
        case 12 where ("content-type" as StaticString).spells(name): .contentType
        case 12 where ("x-request-id" as StaticString).spells(name): .xRequestID
        case 13 where ("authorization" as StaticString).spells(name): .authorization
        case 13 where ("if-none-match" as StaticString).spells(name): .ifNoneMatch
        case 14 where ("content-length" as StaticString).spells(name): .contentLength
        case 15 where ("x-forwarded-for" as StaticString).spells(name): .xForwardedFor
        case 15 where ("accept-encoding" as StaticString).spells(name): .acceptEncoding
        case 15 where ("idempotency-key" as StaticString).spells(name): .idempotencyKey
        case 16 where ("content-encoding" as StaticString).spells(name): .contentEncoding
        case 16 where ("www-authenticate" as StaticString).spells(name): .wwwAuthenticate
        case 16 where ("x-correlation-id" as StaticString).spells(name): .xCorrelationID
        default: .other
        }
    }

    /// The same in any case, as HTTP/1.1 has names (RFC 9110 section 5.1). None of them is control data.
    package static func known(inAnyCase name: UnsafeBufferPointer<UInt8>) -> FieldName {
        guard name.count <= self.bytesMax, name.first != UInt8(ascii: ":") else { return .other }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: self.bytesMax) { lowered in
            for (position, byte) in name.enumerated() { lowered[position] = byte.asciiLowercased }
            return self.known(UnsafeBufferPointer(rebasing: lowered[..<name.count]))
        }
    }
}
