/// What the gateway says to a caller: a status, fields, a body.
struct Answer {
    /// The media type of the body.
    enum ContentType {
        case json, problem, schema, openAPI, plainText, none

        var text: StaticString {
            switch self {
            case .json: "application/json"
            case .problem: "application/problem+json"
            case .schema: "application/schema+json"
            case .openAPI: "application/vnd.oai.openapi+json;version=3.1"
            case .plainText: "text/plain; charset=utf-8"
            case .none: ""
            }
        }
    }

    var status: Int
    var contentType: ContentType
    var body: [UInt8]
    /// For `Retry-After`, in seconds.
    var retryAfterSeconds: Int?
    /// For `Allow`, with a 405 and an answer to OPTIONS.
    var allow: StaticString?
    /// For `Preference-Applied` (RFC 7240 section 3).
    var preferenceApplied: String?
    /// For `Location`, with what was created (RFC 9110 section 10.2.2).
    var location: [UInt8]?
    /// For `ETag`: the product's version at the vendor (RFC 9110 section 8.8.3).
    var entityTag: String?
    /// For `Proxy-Status` (RFC 9209).
    var proxyStatus: [UInt8]?
}

/// Where the answers to one connection's requests go.
///
/// Implemented by the connection of each protocol version, so that exchanges know nothing of HTTP/2.
protocol AnswerSink: AnyObject {
    /// The caller's IP address, for the log; empty where there is none. What a field of the request claims is no
    /// source.
    var caller: String { get }
    /// Sends the answer to a request; nothing happens when the caller has gone.
    func send(_ answer: Answer, for request: CallerRequest)
    /// Asks the caller to send the body it holds back for a `100 Continue` (RFC 9110 section 10.1.1).
    func sendContinue(for request: CallerRequest)
    /// The request may come in, after some time in which `kept` bytes of its body have come: the caller may send as
    /// many again.
    func admitted(_ request: CallerRequest, kept: Int)
    /// The request holds so many bytes more than before, or fewer: of its body, and of what goes to its targets.
    func heldBytesChanged(by difference: Int, of request: CallerRequest)
    /// The caller does not read its answer: it is cut off.
    func cutOff(_ request: CallerRequest)
    /// A request whose caller had gone is over.
    func abandonedRequestEnded()
}
