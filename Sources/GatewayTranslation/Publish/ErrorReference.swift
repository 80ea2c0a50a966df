/// `docs/errors.md`, from the tables; a test compares the file with it.
package enum ErrorReference {
    package static func markdown() -> String {
        var lines = [
            "# Errors", "",
            "Every error is an RFC 9457 document, `application/problem+json`. `code` is for programs, `detail` for people.",
            "`origin` says who found the problem; `outcome` whether anything was changed: `not_sent` (nothing reached the",
            "vendor), `rejected` (the vendor refused; nothing was changed), `unknown` (sent, and no answer was understood).",
            "",
            "This page is written by the gateway's own tables (`swift test` compares it); `GET /problems/{code}` serves",
            "the same, one code at a time.", "", "## When to send a request again", "",
            "`retryable` is true where sending the very same request again is safe and may succeed:", "",
            "- **Nothing was sent** (`not_sent`): always safe. True where the reason passes by itself: `overloaded`,",
            "  `rate_limited`, `vendor_unreachable`, `vendor_unavailable`, `vendor_timeout`.",
            "- **The vendor refused** (`rejected`): safe. True for `rate_limited`, `conflict` and `vendor_unavailable`.",
            "- **Nobody knows** (`unknown`): an update writes absolute values, so sending it twice leaves the product as",
            "  sending it once, unless somebody else changed the same members in between: true. A create may have created,",
            "  and sending it again may create a second product: false.", "", "## Codes", "",
            "| code | status | title | who has to act |", "| --- | --- | --- | --- |",
        ]
        for code in ProblemCode.allCases {
            let meaning = code.meaning
            lines.append(
                "| [`\(code.rawValue)`](#\(code.rawValue)) | \(meaning.status) | \(meaning.title) | "
                    + "\(ProblemPage.actor(meaning.actor)) |")
        }
        for code in ProblemCode.allCases {
            lines += ["", "### \(code.rawValue)", "", code.meaning.meaning, "", "What to do: \(code.meaning.advice)"]
        }
        lines += [
            "", "## Codes of single fields", "",
            "In `errors[].code`, and in `warnings[].code` of a success. `pointer` is an RFC 6901 pointer into the request",
            "body; it is absent where a vendor's message names no field that the dialect knows.", "",
            "| code | meaning |", "| --- | --- |",
        ]
        lines += FieldErrorCode.allCases.map { "| `\($0.rawValue)` | \($0.meaning) |" }
        return lines.joined(separator: "\n") + "\n"
    }
}
