/// Where a value stands in the document, as a JSONPath (RFC 9535) that is easy to read:
/// `$.targets.elastic-path.enable[0]`.
///
/// A name with other characters than letters, digits, `_`, `-` and `$` is quoted: `$.dialects['a b']`.
package struct DocumentPath: Sendable, Hashable {
    package enum Step: Sendable, Hashable {
        case name(String)
        case index(Int)
    }

    package private(set) var steps: [Step] = []

    /// The whole document: `$`.
    package static let root = DocumentPath()

    package init() {}

    /// The last name; empty for the root.
    package var lastName: String {
        guard case .name(let name)? = self.steps.last else { return "" }
        return name
    }

    package func appending(_ name: String) -> DocumentPath { self.appending(.name(name)) }

    package func appending(index: Int) -> DocumentPath { self.appending(.index(index)) }

    package func appending(_ step: Step) -> DocumentPath {
        var path = self
        path.steps.append(step)
        return path
    }
}

extension DocumentPath: CustomStringConvertible {
    package var description: String {
        var text = "$"
        for step in self.steps {
            switch step {
            case .index(let index): text += "[\(index)]"
            case .name(let name): text += Self.isPlain(name) ? ".\(name)" : "[\(Self.quoted(name))]"
            }
        }
        return text
    }

    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0))
                    || $0 == "_" || $0 == "-" || $0 == "$"
            }
    }

    /// Control characters are written out, so that a name cannot play with a terminal.
    private static func quoted(_ name: String) -> String {
        var text = "'"
        for scalar in name.unicodeScalars {
            switch scalar {
            case "'", "\\": text += "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "'"
    }
}
