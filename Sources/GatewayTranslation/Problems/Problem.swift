/// The one error of the canonical API, before it is written as an RFC 9457 document.
///
/// A plain value: the proxy makes its own (a timeout, an overload) from the same type as the translation does. What it
/// says lies in one block, which copies share: a problem is handed through many hands, and hardly ever changed.
package struct Problem: Error, Sendable {
    struct Parts: Equatable, Sendable {
        var code: ProblemCode
        var text: ProblemText
        var origin: ProblemOrigin
        var target: String?
        var verdict: Verdict
        var errors: [FieldError]
        var vendor: VendorReport?
        var retryAfterSeconds: Int?
        var hasVendorTitle = false
        var done: [String] = []
        var productID: String?
    }

    /// Immutable.
    private final class Block: Sendable {
        let parts: Parts

        init(_ parts: Parts) { self.parts = parts }
    }

    private var block: Block

    var parts: Parts { self.block.parts }

    private mutating func change(_ change: (inout Parts) -> Void) {
        var parts = self.block.parts
        change(&parts)
        self.block = Block(parts)
    }

    package var code: ProblemCode {
        get { self.block.parts.code }
        set { self.change { $0.code = newValue } }
    }

    /// What `detail` says.
    var text: ProblemText { self.block.parts.text }

    package var origin: ProblemOrigin {
        get { self.block.parts.origin }
        set { self.change { $0.origin = newValue } }
    }

    /// The configured name of the target; nil where none was chosen yet.
    package var target: String? {
        get { self.block.parts.target }
        set { self.change { $0.target = newValue } }
    }

    var verdict: Verdict {
        get { self.block.parts.verdict }
        set { self.change { $0.verdict = newValue } }
    }

    package var outcome: Outcome { self.block.parts.verdict.outcome }

    /// Whether sending the very same request again is safe and may succeed.
    package var isRetryable: Bool { self.block.parts.verdict.isRetryable }

    package var errors: [FieldError] {
        get { self.block.parts.errors }
        set { self.change { $0.errors = newValue } }
    }

    package var vendor: VendorReport? {
        get { self.block.parts.vendor }
        set { self.change { $0.vendor = newValue } }
    }

    /// For the `Retry-After` header, in seconds.
    package var retryAfterSeconds: Int? {
        get { self.block.parts.retryAfterSeconds }
        set { self.change { $0.retryAfterSeconds = newValue } }
    }

    /// Of a change that was done in part: what was done, as pointers into the caller's document, where that is known.
    package var done: [String] {
        get { self.block.parts.done }
        set { self.change { $0.done = newValue } }
    }

    /// Of a create that did not wholly succeed: the id that the vendor's answer gives the new product, where it does.
    package var productID: String? {
        get { self.block.parts.productID }
        set { self.change { $0.productID = newValue } }
    }

    /// Whether the document's title is the vendor's, where it gave one, instead of the code's.
    package var hasVendorTitle: Bool {
        get { self.block.parts.hasVendorTitle }
        set { self.change { $0.hasVendorTitle = newValue } }
    }

    /// - Parameter verdict: what `OutcomeRule` says; without it, that nothing was sent.
    package init(
        _ code: ProblemCode, detail: String, origin: ProblemOrigin = .gateway, target: String? = nil,
        verdict: Verdict? = nil, errors: [FieldError] = [], vendor: VendorReport? = nil, retryAfterSeconds: Int? = nil
    ) {
        self.init(
            code, text: ProblemText(detail), origin: origin, target: target,
            verdict: verdict ?? OutcomeRule.notSent(code), errors: errors, vendor: vendor,
            retryAfterSeconds: retryAfterSeconds)
    }

    init(
        _ code: ProblemCode, text: ProblemText, origin: ProblemOrigin, target: String?, verdict: Verdict,
        errors: [FieldError], vendor: VendorReport?, retryAfterSeconds: Int?
    ) {
        self.block = Block(
            Parts(
                code: code, text: text, origin: origin, target: target, verdict: verdict, errors: errors,
                vendor: vendor, retryAfterSeconds: retryAfterSeconds))
    }

    /// What happened this time, for a person. Never a secret, never raw bytes of a vendor's answer.
    package var detail: String {
        get { self.text.string }
        set { self.change { $0.text = ProblemText(newValue) } }
    }

    package var status: Int { self.code.status }
}

extension Problem: Equatable {
    package static func == (one: Problem, other: Problem) -> Bool { one.block.parts == other.block.parts }
}
