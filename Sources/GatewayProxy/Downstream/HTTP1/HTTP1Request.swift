import GatewayHTTP
import NIOHTTP1

/// An HTTP/1.1 request's line and fields: checked against the rules of RFC 9112 that the decoder leaves to its user,
/// and read into what an exchange needs.
struct HTTP1Request {
    /// What came of reading.
    enum Reading {
        case request(HTTP1Request)
        /// Not to be understood in one way only: why, in a sentence for the caller.
        case malformed(String)
    }

    /// `nil`: too large to keep, by the same limits as HTTP/2's.
    let head: RequestHead?
    /// Path and query.
    let path: [UInt8]
    /// Bytes of the body; 0 where there is none, `nil` where only its end tells (`chunked`).
    let bodyLength: Int?
    /// Whether another request may follow on the connection (RFC 9112 section 9.3).
    let isPersistent: Bool

    /// - Parameters:
    ///   - bytesMax: of the line and the fields, each with 32 bytes on top, as RFC 9113 section 6.5.2 counts.
    ///   - fieldsMax: fields, those counted that HTTP/2 has instead of the request line.
    ///   - store: where the fields are kept while they are read.
    static func read(_ head: HTTPRequestHead, bytesMax: Int, fieldsMax: Int, store: FieldStore) -> Reading {
        let isHTTP11 = head.version.minor >= 1
        do throws(HTTP1RequestError) {
            let bodyLength = try self.bodyLength(of: head.headers, isHTTP11: isHTTP11)
            let path = try HTTP1Target.path(
                of: head.uri, method: head.method,
                host: self.host(of: head.headers, isRequired: isHTTP11))
            let options = self.connectionOptions(of: head.headers)
            var request: RequestHead?
            if self.size(of: head) <= bytesMax, head.headers.count + self.lineFields <= fieldsMax {
                request = store.deliver(head.headers, method: head.method.rawValue, without: options) {
                    RequestHead($0)
                }
            }
            // There is nothing to hold back, or nobody who would understand (RFC 9110 section 10.1.1).
            if bodyLength == 0 || !isHTTP11 { request?.expectsContinue = false }
            // After an offer of another protocol, and after CONNECT, the decoder reads no further: neither is taken,
            // and the caller goes on with a new connection.
            let isOver = options.contains("close") || options.contains("upgrade") || head.method == .CONNECT
            return .request(
                HTTP1Request(
                    head: request, path: path, bodyLength: bodyLength, isPersistent: isHTTP11 && !isOver))
        } catch {
            return .malformed(error.description)
        }
    }

    /// HTTP/2's method, scheme and path; its authority stands for `host`.
    private static let lineFields = 3

    private static func size(of head: HTTPRequestHead) -> Int {
        head.headers.reduce(head.method.rawValue.utf8.count + head.uri.utf8.count + self.lineFields * 32) {
            $0 + $1.name.utf8.count + $1.value.utf8.count + 32
        }
    }

    /// RFC 9112 section 6.3. The decoder has refused `content-length` beside `transfer-encoding`, and more than one.
    private static func bodyLength(of fields: HTTPHeaders, isHTTP11: Bool) throws(HTTP1RequestError) -> Int? {
        let codings = fields["transfer-encoding"].map { FieldValue.trimmed($0) }
        guard codings.isEmpty else {
            guard isHTTP11 else { throw .codingInHTTP10 }
            guard codings.count == 1, codings[0].lowercased() == "chunked" else { throw .coding }
            return nil
        }
        let lengths = fields["content-length"]
        guard lengths.count <= 1 else { throw .contentLength }
        guard let length = lengths.first.map({ FieldValue.trimmed($0) }) else { return 0 }
        guard !length.isEmpty, length.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            throw .contentLength
        }
        return Int(length) ?? Int.max
    }

    /// RFC 9112 section 3.2.
    private static func host(of fields: HTTPHeaders, isRequired: Bool) throws(HTTP1RequestError) -> String? {
        let hosts = fields["host"]
        guard hosts.count <= 1 else { throw .severalHosts }
        guard let host = hosts.first.map({ FieldValue.trimmed($0) }) else {
            if isRequired { throw .noHost }
            return nil
        }
        guard Authority.isValid(host) else { throw .host }
        return host
    }

    /// What concerns this connection only, in lower case: words like `close`, and fields that end here
    /// (RFC 9110 section 7.6.1).
    private static func connectionOptions(of fields: HTTPHeaders) -> Set<String> {
        let fields = fields["connection"]
        guard !fields.isEmpty else { return [] }
        return Set(
            fields.flatMap { $0.lowercased().split(separator: ",") }.map { option in
                String(option.filter { $0 != " " && $0 != "\t" })
            })
    }
}
