import GatewayDocuments
import GatewayJSON

/// A draft of a dialect, made of examples from a vendor's page. A guess by names, for a person to correct.
///
/// Takes from the examples where things are and what they are called, never a value that is one example's own: its ids,
/// versions and keys. What is not in the examples is not in the draft.
package struct DialectDraft {
    /// The draft as a document. Valid as it stands.
    package let text: String

    /// Why no draft can be made: a sentence.
    package struct ReadingError: Error, Equatable {
        package let message: String
    }

    package init(
        name: String, method: String, path: String, request: [UInt8], answer: [UInt8]?, error: [UInt8]?
    ) throws(ReadingError) {
        let request = try Self.document(request, "request")
        let answer = try answer.map { answer throws(ReadingError) in try Self.document(answer, "answer") }
        let error = try error.map { error throws(ReadingError) in try Self.document(error, "error") }
        let fields = FieldGuess(in: request)
        guard !fields.members.isEmpty else {
            throw ReadingError(
                message:
                    "the request has no member with a usual name of a product's field, such as name, title, sku or "
                    + "description: a draft would have no field")
        }
        let envelope = EnvelopeGuess(of: request, around: fields.place)
        guard path.contains("{id}") || envelope.hasID else {
            throw ReadingError(
                message: "neither the path nor the request names the product: give --path with {id} in it")
        }
        var writer = JSONPretty()
        writer.open("{")
        writer.member("format", "2")
        writer.member("name", Self.quoted(name))
        writer.member("title", Self.quoted(name))
        writer.member("source", Self.quoted(Self.source(fields, envelope, answer)))
        writer.open("\"operations\": {")
        writer.open("\"update\": {")
        writer.member("method", Self.quoted(method))
        writer.member("path", Self.quoted(path))
        writer.member("body", envelope.text)
        writer.member("success", "[200]")
        writer.close("}")
        writer.close("}")
        Self.writeAnswer(answer, to: &writer)
        writer.open("\"fields\": {")
        for member in fields.members {
            writer.member(member.pointer, "{ \"vendor\": \(Self.quoted(member.vendor))\(member.form) }")
        }
        writer.close("}")
        if let error { ErrorGuess(in: error).write(to: &writer) }
        writer.close("}")
        self.text = writer.text
    }

    private static func document(_ bytes: [UInt8], _ what: String) throws(ReadingError) -> JSONNode {
        guard let root = try? JSONDocument(parsing: bytes).root, root.kind == .object || what == "error" else {
            throw ReadingError(message: "the \(what) is no JSON object")
        }
        return root
    }

    static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.append(quoting: text)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func pointer(_ tokens: [String]) -> String { tokens.map { "/" + JSONPointer.escape($0) }.joined() }

    private static func source(_ fields: FieldGuess, _ envelope: EnvelopeGuess, _ answer: JSONNode?) -> String {
        var sentences = ["A draft from examples: name the vendor's page and its date here."]
        if !fields.left.isEmpty { sentences.append("Not placed: \(fields.left.joined(separator: ", ")).") }
        if !envelope.left.isEmpty {
            sentences.append(
                "Left out of the body, being one example's own: \(envelope.left.joined(separator: ", ")).")
        }
        if answer == nil { sentences.append("There was no example of an answer: where it has its parts is not known.") }
        return sentences.joined(separator: " ")
    }

    private static func writeAnswer(_ answer: JSONNode?, to writer: inout JSONPretty) {
        let found = answer.map { FieldGuess(in: $0) }
        let place = found?.place ?? []
        writer.open("\"answer\": {")
        writer.member("fields", self.quoted(self.pointer(place)))
        if let id = found?.id {
            writer.member("id", self.quoted(self.pointer(id)))
            writer.member("idMatchesPath", "true")
            writer.member("required", "[\(self.quoted(self.pointer(id)))]")
        } else {
            let first = found?.members.first?.vendor ?? "/id"
            writer.member("required", "[\(self.quoted(self.pointer(place) + first))]")
        }
        writer.close("}")
    }
}
