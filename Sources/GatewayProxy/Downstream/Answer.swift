/// What the gateway says to a caller: a status, fields, a body.
struct Answer {
    /// The media type of the body.
    enum ContentType {
        case json, problem, schema, openAPI, plainText, jsonLines, ndjson, jsonSequence, none

        var text: StaticString {
            switch self {
            case .json: "application/json"
            case .problem: "application/problem+json"
            case .schema: "application/schema+json"
            case .openAPI: "application/vnd.oai.openapi+json;version=3.1"
            case .plainText: "text/plain; charset=utf-8"
            case .jsonLines: "application/jsonl"
            case .ndjson: "application/x-ndjson"
            case .jsonSequence: "application/json-seq"
            case .none: ""
            }
        }
    }

    /// What the gateway takes, where the answer is about that: to OPTIONS, and with a 415.
    struct Accepted: OptionSet {
        let rawValue: UInt8

        /// Patches, in `Accept-Patch` (RFC 5789 section 3.1).
        static let patches = Accepted(rawValue: 1)
        /// Media types, in `Accept` (RFC 9110 section 15.5.16).
        static let mediaTypes = Accepted(rawValue: 2)
        /// Content codings: none, in `Accept-Encoding` (the same section).
        static let codings = Accepted(rawValue: 4)
        /// The media types of streams, in `Accept`.
        static let streams = Accepted(rawValue: 8)
    }

    var status: Int
    var contentType: ContentType
    var body: [UInt8]
    /// For `Retry-After`, in seconds.
    var retryAfterSeconds: Int?
    /// For `Allow`, with a 405 and an answer to OPTIONS.
    var allow: StaticString?
    var accepted: Accepted = []
    /// For `Preference-Applied` (RFC 7240 section 3).
    var preferenceApplied: String?
    /// For `Location`, with what was created (RFC 9110 section 10.2.2).
    var location: [UInt8]?
    /// For `ETag`: the product's version at the vendor (RFC 9110 section 8.8.3).
    var entityTag: String?
    /// For `idempotent-replayed`: it is the answer to an earlier request.
    var isReplayed = false
    /// For `Proxy-Status` (RFC 9209).
    var proxyStatus: [UInt8]?
    /// For `WWW-Authenticate`, with a 401 (RFC 9110 section 11.6.1).
    var challenge: [UInt8]?
    /// For `RateLimit-Policy` and `RateLimit`, where the caller has limits.
    var rateLimit: RateLimitFields?
}

/// Where the answers to one connection's requests go.
///
/// Implemented by the connection of each protocol version, so that exchanges know nothing of HTTP/2.
protocol AnswerSink: AnyObject {
    /// The caller's IP address, for the log; empty where there is none. What a field of the request claims is no
    /// source.
    var caller: String { get }
    /// What the caller has shown in the TLS handshake, where it has shown a certificate.
    var certificate: ShownCertificate? { get }
    /// A trusted proxy says where a request comes from: its caller is judged by that address.
    func believe(_ address: String, of request: CallerRequest)
    /// Sends the answer to a request; nothing happens when the caller has gone.
    func send(_ answer: Answer, for request: CallerRequest)
    /// Sends the fields of an answer whose body comes in pieces (`extend`); its own body is empty. May come, and the
    /// pieces too, while the request is still being received.
    func begin(_ answer: Answer, for request: CallerRequest)
    /// Sends a piece of an answer that has begun, or its end. What the caller does not take yet is held:
    /// `CallerRequest.answerTaken` tells how much that is, and whoever brings the pieces stops in time.
    func extend(by bytes: [UInt8], isEnd: Bool, for request: CallerRequest)
    /// Asks the caller to send the body it holds back for a `100 Continue` (RFC 9110 section 10.1.1).
    func sendContinue(for request: CallerRequest)
    /// The caller may send as many bytes again as have come of the body without credit, because it has been decided
    /// whether the request may come in. Also where it may not: many clients send all before they read why.
    func giveCredit(of bytes: Int, to request: CallerRequest)
    /// The request holds so many bytes more than before, or fewer: of its body, and of what goes to its targets.
    func heldBytesChanged(by difference: Int, of request: CallerRequest)
    /// Whether the requests that wait for a vendor at `endpoint` hold so many of the connection's streams that one more
    /// would be at the cost of those to others.
    func isCrowded(by endpoint: ObjectIdentifier) -> Bool
    /// Whether the caller has read enough of its answer since the last time that this was asked: within
    /// `limits.answerTimeout`.
    func isReading(_ request: CallerRequest) -> Bool
    /// The caller does not read its answer: it is cut off.
    func cutOff(_ request: CallerRequest)
    /// A request whose caller had gone is over.
    func abandonedRequestEnded()
}
