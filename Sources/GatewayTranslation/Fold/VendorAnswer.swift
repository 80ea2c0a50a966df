import GatewayHTTP
package import GatewayJSON

/// What came back from a vendor, as the folder needs it. Borrowed from nobody: plain values.
///
/// A class because it is handed around, and costs one reference then instead of one for each of its parts. Whoever
/// collects it changes it; nobody does once it is complete. Confined to one thread.
package final class VendorAnswer {
    /// The HTTP status.
    package var status: Int
    /// The whole body, or the part that came before it broke off.
    package var body: [UInt8]
    /// False where the body ended before its length or the stream's end.
    package var isComplete: Bool
    /// The body, where it was parsed beforehand; whoever changes the body takes it away.
    package var parse: JSONSlicedParse?
    /// The `Retry-After` header as it came (RFC 9110 §10.2.3).
    package var retryAfter: String?
    /// The vendor's own request id, from whatever header the proxy looks at.
    package var requestID: String?
    /// The `ETag` header as it came.
    package var etag: String?
    /// Other header fields that were asked for with the request, names in lower case, in the order of the answer.
    package var headers: [(name: String, value: String)] = []

    /// The first field of a name.
    package func header(_ name: String) -> String? {
        if name == "etag", let etag = self.etag { return etag }
        return self.headers.first { $0.name == name }?.value
    }

    package init(
        status: Int, body: [UInt8], isComplete: Bool = true, retryAfter: String? = nil, requestID: String? = nil,
        etag: String? = nil, headers: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.body = body
        self.isComplete = isComplete
        self.retryAfter = retryAfter
        self.requestID = requestID
        self.etag = etag
        self.headers = headers
    }

    /// What `Retry-After` says, in seconds; nil where it says nothing that can be read.
    package func retryAfterSeconds(nowEpochSeconds: Int?) -> Int? {
        self.retryAfter.flatMap { RetryAfter.seconds($0, nowEpochSeconds: nowEpochSeconds) }
    }

    /// Whether the `ETag` is one that a condition can be held against (RFC 9110 §8.8.3.2).
    package var hasStrongETag: Bool { self.etag.map { EntityTag.isStrong($0) } ?? false }

    /// The `ETag` where it can be held against a change, as `If-Match`.
    func guardingETag(evenIfWeak takesWeak: Bool) -> String? {
        self.etag.flatMap { EntityTag.guards($0, evenIfWeak: takesWeak) ? $0 : nil }
    }

    /// Takes away a byte order mark, which a text in UTF-8 does not need and JSON must not have (RFC 8259 §8.1), and
    /// which some vendors send all the same.
    func dropByteOrderMark() {
        guard self.body.first == 0xEF, self.body.starts(with: [0xEF, 0xBB, 0xBF]) else { return }
        self.body.removeFirst(3)
        self.parse = nil
    }

    /// The body as JSON, which lies on `tape` or where it was parsed beforehand; nil where it is none.
    ///
    /// - Parameter body: the answer's own.
    func view(of body: UnsafeBufferPointer<UInt8>, on tape: JSONTape, limits: JSONLimits) -> JSONView? {
        if let parse = self.parse, parse.progress != .unfinished, parse.limits == limits {
            return parse.view(of: body)
        }
        return try? tape.parse(body, limits: limits)
    }

    /// A product as the body of an answer that has it at a pointer.
    ///
    /// - Parameter tokens: names only, of objects that have nothing else in them.
    static func enveloped(_ product: some Sequence<UInt8>, at tokens: [String]) -> [UInt8] {
        tokens.reversed().reduce(Array(product)) { inner, name in
            var outer = [UInt8(ascii: "{")]
            outer.append(quoting: name)
            outer.append(UInt8(ascii: ":"))
            return outer + inner + [UInt8(ascii: "}")]
        }
    }
}
