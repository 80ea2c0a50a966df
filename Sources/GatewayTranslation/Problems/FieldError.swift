/// One entry of a problem's `errors`: what is wrong with one place of the caller's document.
package struct FieldError: Sendable, Equatable {
    /// RFC 6901 pointer into the caller's body; nil where a vendor's message names no field we know.
    package let pointer: String?
    let reason: FieldErrorCode
    let text: ProblemText

    /// The most that are listed in one problem, and the most warnings. What is beyond is not worth reading, and
    /// describing all of the hundred thousand that 1 MiB can hold would cost the square of that.
    static let listedMax = 100

    /// Bytes of all their pointers: a name that is said a hundred times must not make an answer of a hundred of it.
    static let pointerBytesMax = 16 * 1024

    /// A stable word for programs: `required`, `wrong_type`, `too_long`, …; see `docs/errors.md`.
    package var code: String { self.reason.rawValue }

    /// A sentence for people, saying what would be right.
    package var detail: String { self.text.string }

    package init(pointer: String?, code: FieldErrorCode, detail: String) {
        self.init(pointer: pointer, code: code, text: ProblemText(detail))
    }

    init(pointer: String?, code: FieldErrorCode, text: ProblemText) {
        self.pointer = pointer
        self.reason = code
        self.text = text
    }
}
