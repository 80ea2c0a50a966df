/// The path of a vendor request, and its query: literal text, the product's id, a target's parameters.
package struct PathTemplate: Sendable, Equatable {
    package let written: String
    package let text: TextTemplate
    /// Names and values of the query; both are percent-encoded.
    package let query: [(name: String, value: TextTemplate)]

    /// Reads `/v2/products/{id}`, with `{parameter:NAME}` for settings of the target. Nil where it is not a path.
    package init?(_ written: String) {
        guard written.utf8.first == UInt8(ascii: "/") else { return nil }
        guard written.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else { return nil }
        let steps = written.prefix { $0 != "?" }.split(separator: "/")
        guard !steps.contains(where: { $0 == "." || $0 == ".." }) else { return nil }
        guard let text = try? TextTemplate(written), text.constant?.contains("{") != true,
            !text.parts.contains(where: { if case .text(let text) = $0 { text.contains("{") } else { false } })
        else { return nil }
        self.init(written, text, query: [])
    }

    private init(_ written: String, _ text: TextTemplate, query: [(name: String, value: TextTemplate)]) {
        self.written = written
        self.text = text
        self.query = query
    }

    /// The same path with a query behind it.
    func asking(_ query: [(name: String, value: TextTemplate)]) -> PathTemplate {
        PathTemplate(self.written, self.text, query: query)
    }

    package var hasID: Bool { self.text.hasID || self.query.contains { $0.value.hasID } }
    package var hasKey: Bool { self.text.hasKey || self.query.contains { $0.value.hasKey } }
    package var hasLocale: Bool { self.text.hasLocale || self.query.contains { $0.value.hasLocale } }
    package var parameters: [String] { self.text.parameters + self.query.flatMap(\.value.parameters) }
    package var taken: [Taken] { self.text.taken + self.query.flatMap(\.value.taken) }

    package static func == (one: PathTemplate, other: PathTemplate) -> Bool {
        one.text == other.text && one.query.count == other.query.count
            && zip(one.query, other.query).allSatisfy { $0.name == $1.name && $0.value == $1.value }
    }
}
