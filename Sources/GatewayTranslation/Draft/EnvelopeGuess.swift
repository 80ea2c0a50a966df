import GatewayDocuments
import GatewayJSON

/// The body of a request as a template, made of an example: the fields and the ids replaced by holes.
struct EnvelopeGuess {
    /// The template, as JSON.
    let text: String
    let hasID: Bool
    /// Pointers to what is one example's own, and stands in no template.
    let left: [String]

    /// Names as `Suggestion.folded` gives them.
    private static let ids: Set<String> = ["id", "uuid", "productid", "itemid", "objectid", "ref"]
    private static let ownNames: Set<String> = [
        "version", "revision", "etag", "rev", "idempotencykey", "requestid", "clientmutationid", "timestamp",
        "updatedat",
        "createdat", "token", "nonce",
    ]

    init(of request: JSONNode, around place: [String]) {
        var writer = Writer()
        self.text = writer.template(request, around: place[...], at: [])
        self.hasID = writer.hasID
        self.left = writer.left
    }

    private struct Writer {
        var hasID = false
        var left: [String] = []

        /// Recursive along the way to the fields.
        mutating func template(_ node: JSONNode, around place: ArraySlice<String>, at path: [String]) -> String {
            guard let name = place.first else { return "\"{fields}\"" }
            var members: [String] = []
            for member in node.members {
                let folded = String(decoding: Suggestion.folded(member.name), as: UTF8.self)
                let value: String
                if member.name == name {
                    value = self.template(member.value, around: place.dropFirst(), at: path + [name])
                } else if EnvelopeGuess.ids.contains(folded),
                    member.value.kind == .string || member.value.kind == .number
                {
                    self.hasID = true
                    value = member.value.kind == .number ? "\"{id:number}\"" : "\"{id}\""
                } else if EnvelopeGuess.ownNames.contains(folded) {
                    self.left.append(DialectDraft.pointer(path + [member.name]))
                    continue
                } else {
                    value = String(decoding: member.value.rawBytes, as: UTF8.self)
                    // A brace would be read as a hole.
                    if value.dropFirst().contains("{") || (member.value.kind == .string && value.contains("{")) {
                        self.left.append(DialectDraft.pointer(path + [member.name]))
                        continue
                    }
                }
                members.append("\(DialectDraft.quoted(member.name)): \(value)")
            }
            return "{ \(members.joined(separator: ", ")) }"
        }
    }
}
