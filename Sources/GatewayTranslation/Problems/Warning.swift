/// One entry of an answer's `warnings`: something that did not stop the exchange, but that a caller should know.
package struct Warning: Sendable, Equatable {
    /// RFC 6901 pointer into the caller's body or, for answers, into the canonical product.
    package let pointer: String
    package let code: FieldErrorCode
    package let detail: String

    package init(pointer: String, code: FieldErrorCode, detail: String) {
        self.pointer = pointer
        self.code = code
        self.detail = detail
    }
}
