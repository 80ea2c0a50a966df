import GatewayDocuments
import GatewayJSON

/// A draft of a dialect, made of examples from a vendor's page. A guess by names, for a person to correct.
package struct DialectDraft {
    /// The draft as a document. Valid as it stands.
    package let text: String

    /// An example cannot be used.
    package struct ReadingError: Error, Equatable {
        /// `request`, `answer` or `error`.
        package let what: String
    }

    package init(
        name: String, method: String, path: String, request: [UInt8], answer: [UInt8]?, error: [UInt8]?
    ) throws(ReadingError) {
        let request = try Self.document(request, "request")
        let answer = try answer.map { answer throws(ReadingError) in try Self.document(answer, "answer") }
        let error = try error.map { error throws(ReadingError) in try Self.document(error, "error") }
        let fields = FieldGuess(in: request)
        let answered = answer.map { FieldGuess(in: $0) }
        var writer = JSONPretty()
        writer.open("{")
        writer.member("format", "2")
        writer.member("name", Self.quoted(name))
        writer.member("title", Self.quoted(name))
        writer.member("source", Self.quoted(Self.source(fields)))
        writer.open("\"operations\": {")
        writer.open("\"update\": {")
        writer.member("method", Self.quoted(method))
        writer.member("path", Self.quoted(path))
        writer.member("body", Self.envelope(request, around: fields.place))
        writer.member("success", "[200]")
        writer.close("}")
        writer.close("}")
        Self.writeAnswer(answered, to: &writer)
        writer.open("\"fields\": {")
        for (pointer, vendor, values) in fields.members {
            let words = values.isEmpty ? "" : ", \"values\": {\(values)}"
            writer.member(pointer, "{ \"vendor\": \(Self.quoted(vendor))\(words) }")
        }
        writer.close("}")
        if let error { ErrorGuess(in: error).write(to: &writer) }
        writer.close("}")
        self.text = writer.text
    }

    private static func document(_ bytes: [UInt8], _ what: String) throws(ReadingError) -> JSONNode {
        guard let root = try? JSONDocument(parsing: bytes).root, root.kind == .object || what == "error" else {
            throw ReadingError(what: what)
        }
        return root
    }

    static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.append(quoting: text)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func source(_ fields: FieldGuess) -> String {
        let left = fields.left.isEmpty ? "" : " Not placed: \(fields.left.joined(separator: ", "))."
        return "A draft from examples: name the vendor's page and its date here.\(left)"
    }

    /// The example's envelope, the object of its fields replaced by the hole.
    private static func envelope(_ node: JSONNode, around place: [String]) -> String {
        guard let name = place.first else { return "\"{fields}\"" }
        let members = node.members.map { member in
            let value =
                member.name == name
                ? self.envelope(member.value, around: Array(place.dropFirst()))
                : String(decoding: member.value.rawBytes, as: UTF8.self)
            return "\(self.quoted(member.name)): \(value)"
        }
        return "{ \(members.joined(separator: ", ")) }"
    }

    private static func writeAnswer(_ answered: FieldGuess?, to writer: inout JSONPretty) {
        let place = answered?.place ?? []
        let id = answered?.id ?? ["id"]
        writer.open("\"answer\": {")
        writer.member("fields", self.quoted(place.map { "/" + JSONPointer.escape($0) }.joined()))
        let pointer = self.quoted(id.map { "/" + JSONPointer.escape($0) }.joined())
        writer.member("id", pointer)
        writer.member("idMatchesPath", "true")
        writer.member("required", "[\(pointer)]")
        writer.close("}")
    }
}

/// Indented JSON, a member a line.
struct JSONPretty {
    private(set) var text = ""
    private var depth = 0
    private var needsComma = false

    mutating func open(_ opening: String) {
        self.line(opening)
        self.depth += 1
        self.needsComma = false
    }

    mutating func close(_ closing: String) {
        self.depth -= 1
        self.text += "\n" + String(repeating: "  ", count: self.depth) + closing
        self.needsComma = true
    }

    mutating func member(_ name: String, _ value: String) {
        self.line("\(DialectDraft.quoted(name)): \(value)")
        self.needsComma = true
    }

    private mutating func line(_ line: String) {
        if self.needsComma { self.text += "," }
        self.text += (self.text.isEmpty ? "" : "\n") + String(repeating: "  ", count: self.depth) + line
    }
}
