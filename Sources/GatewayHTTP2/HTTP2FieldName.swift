import Glibc

/// The field names that the gateway acts on, as small numbers.
///
/// Received names are lower case by then: libnghttp2 treats others as a stream error (RFC 9113 section 8.2.1).
package enum HTTP2FieldName: UInt8, Sendable {
    case other
    case method, path, scheme, authority, status
    case accept, acceptEncoding, authorization, contentEncoding, contentLength, contentType, date
    case etag, expect, host, location, prefer, retryAfter, te, traceparent, tracestate, userAgent
    case via, wwwAuthenticate, xRequestID, requestID, xCorrelationID, ifMatch, ifNoneMatch, idempotencyKey

    /// The known name with these lower-case bytes, or `.other`. The length tells most of them apart without a
    /// comparison.
    package static func known(_ name: UnsafeBufferPointer<UInt8>) -> HTTP2FieldName {
        func isSpelled(_ spelling: StaticString) -> Bool {
            guard let start = name.baseAddress else { return false }
            return memcmp(start, spelling.utf8Start, name.count) == 0
        }
        switch name.count {
        case 2 where isSpelled("te"): return .te
        case 3 where isSpelled("via"): return .via
        case 4 where isSpelled("date"): return .date
        case 4 where isSpelled("etag"): return .etag
        case 4 where isSpelled("host"): return .host
        case 5 where isSpelled(":path"): return .path
        case 6 where isSpelled("accept"): return .accept
        case 6 where isSpelled("expect"): return .expect
        case 6 where isSpelled("prefer"): return .prefer
        case 7 where isSpelled(":method"): return .method
        case 7 where isSpelled(":scheme"): return .scheme
        case 7 where isSpelled(":status"): return .status
        case 8 where isSpelled("if-match"): return .ifMatch
        case 8 where isSpelled("location"): return .location
        case 10 where isSpelled(":authority"): return .authority
        case 10 where isSpelled("user-agent"): return .userAgent
        case 10 where isSpelled("request-id"): return .requestID
        case 10 where isSpelled("tracestate"): return .tracestate
        case 11 where isSpelled("retry-after"): return .retryAfter
        case 11 where isSpelled("traceparent"): return .traceparent
        case 12 where isSpelled("content-type"): return .contentType
        case 12 where isSpelled("x-request-id"): return .xRequestID
        case 13 where isSpelled("authorization"): return .authorization
        case 13 where isSpelled("if-none-match"): return .ifNoneMatch
        case 14 where isSpelled("content-length"): return .contentLength
        case 15 where isSpelled("accept-encoding"): return .acceptEncoding
        case 15 where isSpelled("idempotency-key"): return .idempotencyKey
        case 16 where isSpelled("content-encoding"): return .contentEncoding
        case 16 where isSpelled("www-authenticate"): return .wwwAuthenticate
        case 16 where isSpelled("x-correlation-id"): return .xCorrelationID
        default: return .other
        }
    }
}
