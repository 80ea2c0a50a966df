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
    package let errors: ErrorRules

    package struct Parameter: Sendable {
        package let name: String
        package let description: String?
        package let choices: [String]?
    }

    package struct Operation: Sendable {
        package let kind: ProductOperation
        package let method: String
        package let path: PathTemplate
        package let body: BodyTemplate
        package let successStatuses: [Int]
        package let id: IDSource
        /// How the product of a create is found whose answer was lost; nil where there is no way.
        package let find: Find?
        /// The header field in which the vendor takes a key that makes a repetition do nothing again; nil where it
        /// takes none.
        package let idempotencyHeader: String?
    }

    /// Where the id comes from by which the caller knows the product afterwards.
    package enum IDSource: Sendable, Equatable {
        case path
        /// A canonical pointer of the request.
        case field(String)
        /// Tokens into the vendor's answer.
        case answer([String])
    }

    package struct Read: Sendable {
        package let path: PathTemplate
        package let successStatuses: [Int]
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
        /// Tokens to members that tell of a failure where they say anything, whatever the status: `errors` beside the
        /// product.
        package let failures: [[String]]
    }

    package struct Field: Sendable {
        /// Index into `CanonicalProduct.fields`.
        package let canonical: Int
        /// Tokens relative to the object of the fields.
        package let vendor: [String]
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
