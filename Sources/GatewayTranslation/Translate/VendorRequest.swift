/// What is to be sent to a vendor: everything but the base URL and the credentials. Immutable; a class because it is
/// handed around, and costs one reference then instead of one for each of its parts.
package final class VendorRequest: Sendable {
    package let method: String
    /// Path (and query) to be appended to the base URL's path; starts with `/`, percent-encoded, pure ASCII.
    package let path: [UInt8]
    /// Further header fields, names in lower case: `content-type` where there is a body, `if-match`, `accept`.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    /// The id under which the caller knows the product, UTF-8: from the path, from `ids`, or from the body of a
    /// create. Nil where only the vendor's answer will tell.
    package let id: [UInt8]?
    /// What was dropped under `handling=lenient`.
    package let warnings: [Warning]
    /// What is to be laid over what the vendor has before this can be sent; nil where it is sent as it is.
    let patch: UpdatePatch?
    /// What it is part of, where one change takes several requests, or may be done in part.
    let part: RequestPart?
    /// What is to be kept of the answer beside its body: names of header fields, in lower case.
    package let wantedHeaders: [String]

    /// Whether it must be preceded by `TargetPlan.readRequest(before:)` and `Translator.merge`. Its body is then no
    /// more than what the update changes, and empty where nobody asked to see that.
    package var readsFirst: Bool { self.patch != nil }

    /// The change that it is a part of, where it `readsFirst`.
    package var changeReadFirst: ProductOperation? { self.patch?.operation }

    /// Bytes that are held with it.
    package var bytesHeld: Int { self.body.count + (self.patch?.body.count ?? 0) }

    package convenience init(
        method: String, path: [UInt8], headers: [(name: String, value: String)], body: [UInt8], id: [UInt8]? = nil,
        warnings: [Warning] = []
    ) {
        self.init(
            method: method, path: path, headers: headers, body: body, id: id, warnings: warnings, patch: nil)
    }

    /// Whether another request follows where this one has succeeded: see `Translator.next`.
    package var hasNext: Bool { self.part?.following.isEmpty == false }
    /// Whether it follows another one that has succeeded.
    package var isFollowing: Bool { self.part?.plan != nil }

    init(
        method: String, path: [UInt8], headers: [(name: String, value: String)], body: [UInt8], id: [UInt8]?,
        warnings: [Warning], patch: UpdatePatch?, part: RequestPart? = nil, wantedHeaders: [String] = []
    ) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.id = id
        self.warnings = warnings
        self.patch = patch
        self.part = part
        self.wantedHeaders = wantedHeaders
    }

    /// Whether the body is a JSON document.
    package var isJSON: Bool {
        !self.headers.contains { $0.name == "content-type" && $0.value.hasPrefix("application/x-www-form") }
    }

    package var pathText: String { String(decoding: self.path, as: UTF8.self) }
}
