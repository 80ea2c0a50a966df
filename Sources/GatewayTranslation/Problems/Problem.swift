/// The one error of the canonical API, before it is written as an RFC 9457 document.
///
/// A plain value: the proxy makes its own (a timeout, an overload) from the same type as the translation does.
package struct Problem: Error, Sendable, Equatable {
    package var code: ProblemCode
    /// What `detail` says.
    var text: ProblemText
    package var origin: ProblemOrigin
    /// The configured name of the target; nil where none was chosen yet.
    package var target: String?
    package var outcome: Outcome
    /// Whether sending the very same request again is safe and may succeed. See `Retryability`.
    package var isRetryable: Bool
    package var errors: [FieldError]
    package var vendor: VendorReport?
    /// For the `Retry-After` header, in seconds.
    package var retryAfterSeconds: Int?
    /// Whether the document's title is the vendor's, where it gave one, instead of the code's.
    package var hasVendorTitle = false

    package init(
        _ code: ProblemCode, detail: String, origin: ProblemOrigin = .gateway, target: String? = nil,
        outcome: Outcome = .notSent, isRetryable: Bool = false, errors: [FieldError] = [],
        vendor: VendorReport? = nil, retryAfterSeconds: Int? = nil
    ) {
        self.init(
            code, text: ProblemText(detail), origin: origin, target: target, outcome: outcome, isRetryable: isRetryable,
            errors: errors, vendor: vendor, retryAfterSeconds: retryAfterSeconds)
    }

    init(
        _ code: ProblemCode, text: ProblemText, origin: ProblemOrigin, target: String?, outcome: Outcome,
        isRetryable: Bool, errors: [FieldError], vendor: VendorReport?, retryAfterSeconds: Int?
    ) {
        self.code = code
        self.text = text
        self.origin = origin
        self.target = target
        self.outcome = outcome
        self.isRetryable = isRetryable
        self.errors = errors
        self.vendor = vendor
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// What happened this time, for a person. Never a secret, never raw bytes of a vendor's answer.
    package var detail: String {
        get { self.text.string }
        set { self.text = ProblemText(newValue) }
    }

    package var status: Int { self.code.status }
}
