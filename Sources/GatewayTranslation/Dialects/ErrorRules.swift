/// How a vendor's errors are read: where things are, what they are called, what they mean.
///
/// Rules, not examples: `ErrorReader` tries the places in order and takes what it finds, whatever the shape around it.
package struct ErrorRules: Sendable {
    /// Tokens to where items may be; `[]` is the answer itself where it is an array.
    package let items: [[String]]
    /// Names of members, of an item or of the whole answer, in order of preference; each is a pointer (tokens).
    package let code: [CodePlace]
    package let title: [[String]]
    package let detail: [[String]]
    package let status: [[String]]
    package let requestID: [[String]]
    package let field: [FieldPlace]
    /// Where an item says which locale's text it is about.
    package let locale: [[String]]
    package let missingIDs: [[String]]
    /// Patterns that find a field's name in a message.
    package let messages: [MessageTemplate]
    /// Tokens before a field's own path in what the vendor calls a field; `[]` is always tried too.
    package let fieldBases: [[String]]
    /// What stands between several errors in one text.
    package let separators: [String]
    /// Where the parameters of a text are: `%1`, `%name`, `{{name}}`, `{name}`.
    package let parameters: [[String]]
    /// What single errors' codes say of a field.
    package let itemCodes: [ItemCodeRule]
    /// Where a vendor says how long to wait.
    package let waits: [Wait]
    /// Vendor code or name to canonical code.
    package let codes: [CodeRule]
    /// Words in a text, in lower case, that say what a code would.
    package let phrases: [PhraseRule]
    /// HTTP status to canonical code and outcome, where they differ from the rule for all vendors.
    package let statuses: [StatusRule]
    /// Words in a message that tell what is wrong with a field, in lower case.
    package let reasons: [(contains: String, code: FieldErrorCode)]
    /// Sentences for the `detail` of a canonical code, with `{id}` and `{/vendor/pointer}` of what was sent.
    package let details: [(code: ProblemCode, template: String)]

    package struct CodeRule: Sendable {
        /// The vendor's code, or name of an error.
        package let vendor: String
        package let code: ProblemCode
        /// The canonical field that it is about (an index into `CanonicalProduct.fields`), where it says so itself.
        package let field: Int?
    }

    /// Where an item names its field.
    package enum FieldPlace: Sendable, Equatable {
        /// A text, or several of them for several fields.
        case name([String])
        /// A list whose elements are the steps of one path.
        case path([String])
        /// Several texts that are the steps of one path.
        case steps([[String]])

        /// Where it is told from that there is one.
        var first: [String] {
            switch self {
            case .name(let tokens), .path(let tokens): tokens
            case .steps(let steps): steps.first ?? []
            }
        }
    }

    package struct ItemCodeRule: Sendable {
        package let vendor: String
        package let reason: FieldErrorCode?
        /// Index into `CanonicalProduct.fields`.
        package let field: Int?
    }

    package struct Wait: Sendable {
        package enum Place: Sendable {
            case header(String)
            case pointer([String])
        }

        package enum Unit: String, Sendable, CaseIterable {
            case seconds
            case milliseconds
            /// Seconds since 1970.
            case epoch
            case epochMilliseconds
            /// An HTTP date, or seconds.
            case date
        }

        package let place: Place
        package let unit: Unit
    }

    package struct PhraseRule: Sendable {
        package let contains: String
        package let code: ProblemCode?
        /// Index into `CanonicalProduct.fields`.
        package let field: Int?
        package let reason: FieldErrorCode?
    }

    package struct CodePlace: Sendable {
        package let tokens: [String]
        /// Whether the code is what follows `#` in the value (a URI's fragment).
        package let isFragment: Bool
    }

    package struct StatusRule: Sendable {
        package let status: Int
        package let code: ProblemCode
        /// Whether the status says nothing about what became of the change. Only of statuses that are refusals
        /// otherwise; see `OutcomeRule`.
        package let leavesOpen: Bool
        /// Whether the vendor has changed nothing, although the status alone does not say so. Only of 503, with which a
        /// server says that it cannot take the request now (RFC 9110 §15.6.4); see `OutcomeRule`.
        package let isRefusal: Bool
        /// Whether asking again helps: of a failure that passes by itself, such as one of a proxy before the vendor.
        package let repeats: Bool
    }
}
