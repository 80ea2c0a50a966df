package import GatewayDocuments

/// A vendor's language, as data: what `docs/dialects.md` describes, read and completely checked.
///
/// Plain values; `TargetPlan` compiles it for one target.
package struct Dialect: Sendable {
    package let name: String
    /// The vendor as people call it, for messages.
    package let title: String
    /// Where all this was read.
    package let source: String?
    /// Settings that a target gives, such as COR's `source`.
    package let parameters: [Parameter]
    package let operations: [Operation]
    package let updateSemantics: UpdateSemantics
    /// How to read the resource before replacing it; needed only with `UpdateSemantics.replace`.
    package let read: Read?
    package let answer: Answer
    package let fields: [Field]
    /// What is said of lists that are sent as a whole.
    package let lists: [ListRule]
    package let errors: ErrorRules
    /// Nil where answers say nothing of a limit.
    package let limits: Limits?

    package struct Parameter: Sendable {
        package let name: String
        package let description: String?
        package let choices: [String]?
        /// What applies where a target gives none.
        package let fallback: String?
        /// Whether a target without it means that there is none, rather than any: `"default": null`.
        package let meansNone: Bool
    }

    package struct Operation: Sendable {
        package let kind: ProductOperation
        package let method: String
        package let path: PathTemplate
        package let headers: [Header]
        package let encoding: Encoding
        package let contentType: String?
        package let body: BodyTemplate
        /// Where the body has a list of actions: one for each field that is given, in this order.
        package let actions: [ValueTemplate]
        package let success: [Success]
        /// Statuses that say: some of it is done, and some is not.
        package let partialStatuses: [Int]
        package let id: IDSource
        /// How the product of a create is found whose answer was lost; nil where there is no way.
        package let find: Find?
        /// The header field in which the vendor takes a key that makes a repetition do nothing again; nil where it
        /// takes none.
        package let idempotencyHeader: String?
        /// What is asked before a create, for what it takes from the answer: a token. Nil where nothing is.
        package let preparation: Read?
        /// The requests that follow, in order.
        package let following: [FollowingRequest]
        /// How lines of a stream travel together; nil where each goes alone.
        package let batch: Batch?
        /// What people should know of it: that it is on no page of the vendor's.
        package let note: String?

        package var successStatuses: [Int] { self.success.map(\.status) }

        /// Which of the requests that follow carries a field, by its canonical index; nil where the first one does.
        package func carrier(of field: Int) -> Int? {
            self.following.firstIndex {
                if case .fields(let fields) = $0.condition { fields.contains(field) } else { false }
            }
        }

        /// Whether a key that makes a repetition do nothing again has its place in what is sent.
        package var writesKey: Bool {
            self.path.hasKey || self.headers.contains { $0.value.hasKey } || self.body.texts.contains(where: \.hasKey)
                || self.actions.contains { $0.texts.contains(where: \.hasKey) }
        }

        /// What it takes from an earlier answer.
        package var taken: [Taken] {
            self.path.taken + self.body.taken + self.headers.flatMap(\.value.taken) + self.actions.flatMap(\.taken)
        }
        package var parameters: [String] {
            self.path.parameters + self.body.parameters + self.headers.flatMap(\.value.parameters)
                + self.actions.flatMap(\.parameters) + self.following.flatMap(\.parameters)
                + (self.batch?.parameters ?? [])
                + (self.preparation.map { $0.path.parameters + $0.headers.flatMap(\.value.parameters) } ?? [])
        }
    }

    package struct Header: Sendable {
        /// In lower case.
        package let name: String
        package let value: TextTemplate
    }

    package enum Encoding: String, Sendable, CaseIterable {
        case json
        /// `application/x-www-form-urlencoded`, members in brackets: `metadata[colour]=red`.
        case form
    }

    /// A status of success, and what its answer has.
    package struct Success: Sendable {
        package enum Content: Sendable {
            /// What `answer` of the dialect says.
            case product
            /// What is said here.
            case shape(Answer)
            /// Nothing that would be a product.
            case nothing
        }

        package let status: Int
        package let content: Content
        /// Whether an update with this answer has created the product.
        package let creates: Bool
    }

    /// A request that follows the first one of a change.
    package struct FollowingRequest: Sendable {
        package enum Condition: Sendable, Equatable {
            /// Once for each translation that is given, with its fields.
            case eachTranslation
            /// Where any of these fields is given, with them.
            case fields([Int])
            /// Where a field is given this word; or any, where it is nil.
            case given(field: Int, word: String?)
            case always
        }

        /// The most requests of one change, the first included. Each is one more that a vendor counts against the
        /// caller's company, and one change holds its slot until the last is answered.
        static let countMax = 32

        package let condition: Condition
        package let method: String
        package let path: PathTemplate
        package let headers: [Header]
        package let encoding: Encoding
        package let contentType: String?
        package let body: BodyTemplate?
        package let successStatuses: [Int]
        /// What tells of a failure in an answer whose status tells of success.
        package let failures: [Failure]

        package var parameters: [String] {
            self.path.parameters + self.headers.flatMap(\.value.parameters) + (self.body?.parameters ?? [])
        }
        package var taken: [Taken] {
            self.path.taken + self.headers.flatMap(\.value.taken) + (self.body?.taken ?? [])
        }
        var hasKey: Bool {
            self.path.hasKey || self.headers.contains { $0.value.hasKey }
                || self.body?.texts.contains(where: \.hasKey) == true
        }
    }

    /// Where the id comes from by which the caller knows the product afterwards.
    package enum IDSource: Sendable, Equatable {
        case path
        /// A canonical pointer of the request.
        case field(String)
        /// Tokens into the vendor's answer.
        case answer([String])
        /// The last segment of the address in a header field, such as `location`.
        case header(String)
    }

    package struct Read: Sendable {
        package let method: String
        package let path: PathTemplate
        package let headers: [Header]
        /// Of a read that is asked for by POST, such as a GraphQL query.
        package let body: BodyTemplate?
        package let successStatuses: [Int]
        /// Statuses of a write that say: what was read is no longer so.
        package let staleStatuses: [Int]
        /// The vendor's codes that say the same, with a status that says more than that.
        package let staleCodes: [String]
        /// Whether the vendor wants weak entity tags back as `If-Match`, though they can never match (RFC 9110
        /// §13.1.1).
        package let sendsWeakTags: Bool
        /// Where the answer to a read has another shape.
        package let answer: Answer?
        /// Vendor pointers (tokens, relative to the fields) that are not to be written back.
        package let omitted: [[String]]
    }

    package struct Answer: Sendable {
        /// Tokens from the answer's root to the object with the product's fields.
        package let fields: [String]
        /// Tokens to the id, if answers have one.
        package let id: [String]?
        /// Whether that id must be the one in the path of an update.
        package let idMatchesPath: Bool
        /// Tokens to members without which an answer is not a product.
        package let required: [[String]]
        /// Members that tell of a failure where they say anything, whatever the status: `errors` beside the product.
        package let failures: [Failure]
        /// How the vendor writes the id that the caller knows: `gid://shopify/Product/{id}`.
        package let idForm: TextTemplate?
        /// Whether there is more of the product in it than its id.
        package let hasProduct: Bool
    }

    package struct Failure: Sendable {
        package let tokens: [String]
        /// The values that tell of a failure, as JSON; nil where any that says something does.
        package let values: [[UInt8]]?
        /// Whether it always says that nothing was changed.
        package let refuses: Bool
        /// What must be absent, or null, for the failure to say that nothing was changed; nil where it never says that.
        package let refusesWithout: [String]?
        /// Whether null is as good as absent there.
        package let nullIsAbsent: Bool
    }

    /// Where one member of the translations is kept, beside the product's own text.
    package struct LocalizedPlace: Sendable {
        /// The canonical member: `name`, `description`.
        package let member: String
        /// To the object from locale to text, or to the list.
        package let container: [String]
        /// The form of a list's element; nil for an object.
        package let element: ValueTemplate?
    }

    /// A value that is the same for all products of a target.
    package enum FixedValue: Sendable, Equatable {
        case parameter(String)
        case text(String)
    }

    /// How a vendor writes a value that JSON would have otherwise.
    package enum ValueForm: Sendable, Equatable {
        case text
        case number
        /// A text in small letters, which is in capitals here: a currency's code.
        case lowercase
        /// A whole number of the smallest unit: of cents, with two decimals.
        case units(decimals: Int)
        /// The same, with as many decimals as the currency of the price has (ISO 4217), or as stated for it here.
        case currencyUnits(except: [String: Int])
        /// A list as one text.
        case joined(separator: String)
        /// A list of one, which the vendor has without the list: its main picture.
        case single
    }

    package struct Field: Sendable {
        /// Index into `CanonicalProduct.fields`.
        package let canonical: Int
        /// Tokens relative to the object of the fields; empty where the body does not have it.
        package let vendor: [String]
        /// Tokens relative to the object of the fields of an answer, where they are others.
        package let answerPlace: [String]?
        /// Tokens from the answer's root, where it is not in the object of the fields.
        package let answerRoot: [String]?
        /// Where a vendor's word for this field differs in answers.
        package let answerValues: [ValuePair]?
        package let form: ValueForm?
        /// Of a value that is one element of the list at `vendor`.
        package let entry: ValueTemplate?
        /// Of a list, or of a map, whose elements the vendor writes like this.
        package let entries: ValueTemplate?
        /// The canonical member by which an element of `entries` is the vendor's own of the same; nil where what is
        /// given takes the place of the whole list.
        package let identity: [String]?
        /// The element that is written in the place of `entry` for `null`; nil where `entry` holds what `clear` says.
        package let clearEntry: ValueTemplate?
        package let localized: [LocalizedPlace]
        /// The parameter that names the product's own locale, which translations are without.
        package let ownLocale: String?
        /// Of a map: the names that callers may choose.
        package let keys: KeyRule?
        /// Canonical indexes of fields without which the vendor cannot take this one.
        package let needed: [Int]
        /// The only value there is, which is never sent.
        package let fixed: FixedValue?
        /// Whether the vendor takes the object around the value as a whole: the rest is read and sent back.
        package let keepsRest: Bool
        package let operations: [ProductOperation]
        package let isAnswered: Bool
        /// Why the field is not sent unless the target switches it on; nil where it is sent.
        package let offReason: String?
        package let requiredOperations: [ProductOperation]
        package let defaultParameter: String?
        package let values: [ValuePair]
        /// The JSON to send for `null`; nil where the vendor has no known way to clear.
        package let clear: [UInt8]?
        /// The JSON to send for `null` inside a map; nil where there is no known way.
        package let clearsMembers: Bool
        package let mapSemantics: MapSemantics?
        package let overlay: Shape?
        package let aliases: [String]
        /// Whether an answer's `[]` means `{}`.
        package let emptyListIsMap: Bool
        package let omitsEmpty: Bool
        /// Other names of the canonical members inside the entries of a map: canonical to vendor.
        package let entryNames: [(canonical: String, vendor: String)]
        package let note: String?
    }

    package struct ValuePair: Sendable {
        package let canonical: String
        /// The vendor's value, as JSON.
        package let vendor: [UInt8]
    }

    /// What a vendor does with a map that is sent.
    package enum MapSemantics: String, Sendable, CaseIterable {
        case merge
        case replace
    }
}
