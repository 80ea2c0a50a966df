/// `docs/errors.md`, from the tables; a test compares the file with it.
package enum ErrorReference {
    package static func markdown() -> String {
        var lines = [self.introduction]
        for code in ProblemCode.allCases {
            let meaning = code.meaning
            lines.append(
                "| [`\(code.rawValue)`](#\(code.rawValue)) | \(meaning.status) | \(meaning.title) | "
                    + "\(ProblemPage.actor(meaning.actor)) |")
        }
        for code in ProblemCode.allCases {
            let meaning = code.meaning
            lines += [
                "", "### \(code.rawValue)", "", meaning.meaning, "", "What to do: \(meaning.advice)", "",
                "Sending it again: \(meaning.retry)",
            ]
        }
        lines.append(self.fieldCodes)
        lines += FieldErrorCode.allCases.map { "| `\($0.rawValue)` | \($0.meaning) |" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let introduction = """
        # Errors

        Every error is an RFC 9457 document, `application/problem+json`. `code` is for programs, `detail` for people.
        `origin` says who found the problem; `outcome` what became of the change:

        - `not_sent`: no change was sent to the vendor.
        - `rejected`: the vendor refused, and changed nothing.
        - `partial`: some of it was made, and some was not, or nobody knows of it: the vendor said so (207), or the
          change takes several requests and a later one failed. `done` names what was made, where that is known.
          Of a create, `productId` is the id of the new product, where the vendor's answer says it; also with `unknown`.
        - `unknown`: the change may or may not have been made: no answer came, none that could be understood, or one
          that tells of the vendor's own failure (a status from 500, `408`, a redirect, an error within a success).
          It stays `unknown`, with any code, where the gateway had to send a request again and a later attempt was
          refused: nobody can tell whether the first one took effect. `detail` says so then.

        This page is written by the gateway's own tables (`swift test` compares it); `GET /problems/{code}` serves
        the same, one code at a time.

        ## When to send a request again

        `retryable` is true where sending the very same request again is safe and may succeed:

        - **Nothing was sent** (`not_sent`): always safe. True where the reason passes by itself: `overloaded`,
          `rate_limited`, `vendor_unreachable`, `vendor_unavailable`, `vendor_timeout`.
          Where the vendor was only read before an update, also `conflict`, `vendor_unintelligible` and a
          `vendor_error` of the vendor's own.
        - **The vendor refused** (`rejected`): safe. True for `rate_limited` and `vendor_unavailable`, and for
          `conflict` where it was an update: what is created in vain is there the next time too.
        - **A part was made** (`partial`): an update writes absolute values, so that what is done already is done again:
          true where what failed may succeed later.
        - **Nobody knows** (`unknown`): an update writes absolute values, so sending it twice leaves the product as
          sending it once, unless somebody else changed the same members in between: true. A create may have created,
          and sending it again may create a second product: false. A success that complains of values (422) would
          complain of them again: false.

        It is false where the cause lasts until somebody changes a set-up: a certificate that is not trusted, a
        permanent redirect (301, 308), a defect of the gateway.

        ## Codes

        | code | status | title | who has to act |
        | --- | --- | --- | --- |
        """

    private static let fieldCodes = """

        ## Codes of single fields

        In `errors[].code`, and in `warnings[].code` of a success. `pointer` is an RFC 6901 pointer into the request
        body; it is absent where a vendor's message names no field that the dialect knows.

        | code | meaning |
        | --- | --- |
        """
}
