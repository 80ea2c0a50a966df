/// The field names that the gateway acts on, as small numbers.
///
/// Received names are lower case by then: libnghttp2 treats others as a stream error (RFC 9113 section 8.2.1).
package enum HTTP2FieldName: UInt8, Sendable {
    case other
    case method, path, scheme, authority, status
    case accept, acceptEncoding, authorization, contentEncoding, contentLength, contentType, date
    case etag, expect, host, location, prefer, retryAfter, te, traceparent, tracestate, userAgent
    case via, wwwAuthenticate, xRequestID, requestID, xCorrelationID, ifMatch

    /// The known name with these bytes, or `.other`.
    static func known(_ name: UnsafeBufferPointer<UInt8>) -> HTTP2FieldName {
        for candidate in candidates(length: name.count)
        where candidate.spelling.withUTF8Buffer({ $0.elementsEqual(name) }) {
            return candidate.name
        }
        return .other
    }

    private struct Candidate: Sendable {
        let name: HTTP2FieldName
        let spelling: StaticString
    }

    private static func candidates(length: Int) -> ArraySlice<Candidate> {
        length < byLength.count ? byLength[length][...] : []
    }

    private static let spellings: [Candidate] = [
        Candidate(name: .method, spelling: ":method"),
        Candidate(name: .path, spelling: ":path"),
        Candidate(name: .scheme, spelling: ":scheme"),
        Candidate(name: .authority, spelling: ":authority"),
        Candidate(name: .status, spelling: ":status"),
        Candidate(name: .accept, spelling: "accept"),
        Candidate(name: .acceptEncoding, spelling: "accept-encoding"),
        Candidate(name: .authorization, spelling: "authorization"),
        Candidate(name: .contentEncoding, spelling: "content-encoding"),
        Candidate(name: .contentLength, spelling: "content-length"),
        Candidate(name: .contentType, spelling: "content-type"),
        Candidate(name: .date, spelling: "date"),
        Candidate(name: .etag, spelling: "etag"),
        Candidate(name: .expect, spelling: "expect"),
        Candidate(name: .host, spelling: "host"),
        Candidate(name: .location, spelling: "location"),
        Candidate(name: .prefer, spelling: "prefer"),
        Candidate(name: .retryAfter, spelling: "retry-after"),
        Candidate(name: .te, spelling: "te"),
        Candidate(name: .traceparent, spelling: "traceparent"),
        Candidate(name: .tracestate, spelling: "tracestate"),
        Candidate(name: .userAgent, spelling: "user-agent"),
        Candidate(name: .via, spelling: "via"),
        Candidate(name: .wwwAuthenticate, spelling: "www-authenticate"),
        Candidate(name: .xRequestID, spelling: "x-request-id"),
        Candidate(name: .requestID, spelling: "request-id"),
        Candidate(name: .xCorrelationID, spelling: "x-correlation-id"),
        Candidate(name: .ifMatch, spelling: "if-match"),
    ]

    /// The same by their length, which tells most names apart without a comparison.
    private static let byLength: [[Candidate]] = {
        let longest = spellings.map(\.spelling.utf8CodeUnitCount).max() ?? 0
        var table = [[Candidate]](repeating: [], count: longest + 1)
        for candidate in spellings {
            table[candidate.spelling.utf8CodeUnitCount].append(candidate)
        }
        return table
    }()
}
