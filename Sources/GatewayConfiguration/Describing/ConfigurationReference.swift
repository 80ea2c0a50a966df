/// The reference part of `docs/configuration.md`, made from what the code reads: one section per
/// object, one table row per key.
package enum ConfigurationReference {
    /// What stands before and behind the generated part of the document.
    package static let beginMark = "<!-- reference: generated from the code, do not edit -->"
    package static let endMark = "<!-- end of reference -->"

    /// The generated part, without the marks.
    package static var text: String {
        var sections: [String] = []
        Self.append(Configuration.description, path: "", heading: "The document", intro: "", to: &sections)
        return sections.joined(separator: "\n")
    }

    private static func append(
        _ object: ObjectDescription, path: String, heading: String, intro: String,
        to sections: inout [String]
    ) {
        var lines = ["### \(heading)", ""]
        if !intro.isEmpty { lines += [intro, ""] }
        lines += ["| key | type | default | example | meaning |", "| --- | --- | --- | --- | --- |"]
        lines += object.keys.map { Self.row(of: $0, path: path) }
        sections.append(lines.joined(separator: "\n") + "\n")

        for key in object.keys {
            let inner = path.isEmpty ? key.name : "\(path).\(key.name)"
            switch key.shape {
            case .object(let description):
                Self.append(
                    description, path: inner, heading: "`\(inner)`", intro: Self.meaning(of: key),
                    to: &sections)
            case .map(element: .object(let description)):
                Self.append(
                    description, path: "\(inner).NAME", heading: "`\(inner).NAME`",
                    intro: "\(Self.meaning(of: key)) A name has \(GivenName.words).", to: &sections)
            case .map, .value:
                break
            }
        }
    }

    private static func row(of key: KeyDeclaration, path: String) -> String {
        let inner = path.isEmpty ? key.name : "\(path).\(key.name)"
        let anchor = inner.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "-" }
        let cells: [String]
        switch key.shape {
        case .value(let value):
            let range = value.range.isEmpty ? "" : "<br>\(value.range)"
            cells = [value.typeName + range, Self.standard(of: key), Self.examples(of: key)]
        case .object:
            cells = ["[object](#\(anchor))", Self.standard(of: key), Self.examples(of: key)]
        case .map(element: .object):
            cells = ["[objects by name](#\(anchor)name)", Self.standard(of: key), Self.examples(of: key)]
        case .map(element: _):
            cells = ["objects by name", Self.standard(of: key), Self.examples(of: key)]
        }
        let all = ["`\(key.name)`"] + cells + [Self.meaning(of: key)]
        return "| " + all.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }

    private static func meaning(of key: KeyDeclaration) -> String {
        key.takesEffect == .restart ? "\(key.summary) **A change needs a restart.**" : key.summary
    }

    private static func standard(of key: KeyDeclaration) -> String {
        switch key.standard {
        case .none: "**required**"
        case .value(let value): "`\(value.compact)`"
        case .absent(let meaning): "none (\(meaning))"
        case .members: "its keys' own"
        }
    }

    private static func examples(of key: KeyDeclaration) -> String {
        let examples = key.examples.isEmpty ? [Self.composed(key.shape)].compactMap(\.self) : key.examples
        return examples.map { "`\($0.compact)`" }.joined(separator: "<br>")
    }

    /// An example of an object: what must be in it, otherwise its first key, each with the first example of its own.
    private static func composed(_ shape: KeyDeclaration.Shape) -> RenderedValue? {
        switch shape {
        case .value:
            return nil
        case .map(let element):
            return Self.composed(element).map { .object([RenderedValue.Member("NAME", $0)]) }
        case .object(let description):
            var names = description.keys.filter(\.isRequired).map(\.name)
            for case .exactlyOne(let alternatives) in description.rules { names += alternatives.prefix(1) }
            if names.isEmpty { names += description.keys.prefix(1).map(\.name) }
            let members = description.keys.filter { names.contains($0.name) }.compactMap { key in
                (key.examples.first ?? Self.composed(key.shape)).map { RenderedValue.Member(key.name, $0) }
            }
            return .object(members)
        }
    }
}
