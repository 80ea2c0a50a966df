/// What the vendor itself said, for the `vendor` member of a problem. Each member only where it was said.
package struct VendorReport: Sendable {
    /// What the body says; the texts are parts of `words`.
    struct Said: BitwiseCopyable {
        var bodyStatus = VendorText.none
        var code = VendorText.none
        var title = VendorText.none
        var detail = VendorText.none
    }

    /// The HTTP status of the vendor's answer.
    package var status: Int?
    /// The id to give the vendor when asking about this exchange.
    package var requestID: String?
    let said: Said
    let words: [UInt8]

    package init(status: Int? = nil, requestID: String? = nil) {
        self.init(status: status, requestID: requestID, said: Said(), words: [])
    }

    init(status: Int?, requestID: String?, said: Said, words: [UInt8]) {
        self.status = status
        self.requestID = requestID
        self.said = said
        self.words = words
    }

    /// The status the body claims, where it is another one than the HTTP status.
    package var bodyStatus: String? { self.said.bodyStatus.string(of: self.words) }
    package var code: String? { self.said.code.string(of: self.words) }
    package var title: String? { self.said.title.string(of: self.words) }
    package var detail: String? { self.said.detail.string(of: self.words) }
}

extension VendorReport: Equatable {
    package static func == (one: VendorReport, other: VendorReport) -> Bool {
        one.status == other.status && one.requestID == other.requestID && one.bodyStatus == other.bodyStatus
            && one.code == other.code && one.title == other.title && one.detail == other.detail
    }
}
