/// What the vendor itself said, for the `vendor` member of a problem. Each member only where it was said.
package struct VendorReport: Sendable, Equatable {
    /// The HTTP status of the vendor's answer.
    package var status: Int?
    /// The status the body claims, where it is another one than the HTTP status.
    package var bodyStatus: String?
    package var code: String?
    package var title: String?
    package var detail: String?
    /// The id to give the vendor when asking about this exchange.
    package var requestID: String?

    package init(
        status: Int? = nil, bodyStatus: String? = nil, code: String? = nil, title: String? = nil,
        detail: String? = nil, requestID: String? = nil
    ) {
        self.status = status
        self.bodyStatus = bodyStatus
        self.code = code
        self.title = title
        self.detail = detail
        self.requestID = requestID
    }
}
