package import GatewayDocuments
import GatewayJSON

/// One golden case of a dialect: settings, what goes in, and what must come out, separated by lines of ten dashes.
///
///     # Why this case exists.
///     id: 60afe403
///     ----------
///     {"name": "Oven"}
///     ----------
///     PUT /pcm/products/60afe403
///     {"data": {"type": "product", "id": "60afe403", "attributes": {"name": "Oven"}}}
///
/// A case with a `status` folds what goes in, a vendor's answer; any other translates it. Settings are described in
/// `dialects/README.md`.
package struct DialectCase: Sendable {
    package let settings: [String: String]
    package let input: [UInt8]
    package let expectation: [String]

    /// Why a text is no case: a sentence.
    package struct ReadingError: Error, Equatable {
        package let message: String
    }

    package init(parsing text: String) throws(ReadingError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let sections = lines.split(separator: "----------", omittingEmptySubsequences: false)
        guard sections.count == 3 else {
            throw ReadingError(
                message: "expected three parts, separated by lines of ten dashes, found \(sections.count)")
        }
        self.settings = try CaseSettings(parsing: sections[0]).values
        self.input = Self.bytes(sections[1].joined(separator: "\n"))
        self.expectation = Self.joined(Array(sections[2]).filter { !$0.isEmpty })
    }

    /// The input's bytes; `<empty>` stands for nothing at all.
    private static func bytes(_ text: String) -> [UInt8] {
        if text == "<empty>" { return [] }
        return Array(text.utf8)
    }

    /// JSON may go over several lines: from one that starts with a brace to the one that closes it.
    private static func joined(_ lines: [String]) -> [String] {
        var result: [String] = []
        var open = ""
        for line in lines {
            if open.isEmpty, !line.hasPrefix("{") {
                result.append(line)
                continue
            }
            open += open.isEmpty ? line : "\n" + line
            if (try? JSONDocument(parsing: open)) != nil {
                result.append(open)
                open = ""
            }
        }
        return open.isEmpty ? result : result + [open]
    }

    /// The words of a setting.
    package func list(_ name: String) -> [String] {
        (self.settings[name] ?? "").split(separator: " ").map(String.init).filter { $0 != "none" }
    }

    package var operation: ProductOperation { ProductOperation(rawValue: self.settings["operation"] ?? "") ?? .update }
    package var handling: Handling? { self.settings["handling"].flatMap { Handling(rawValue: $0) } }
    package var id: [UInt8]? {
        self.settings["id"].map { Array($0.utf8) } ?? (self.operation == .create ? nil : Array("P1".utf8))
    }

    /// Header fields of the vendor's answer: settings such as `header location`.
    var headers: [(name: String, value: String)] {
        self.settings.filter { $0.key.hasPrefix("header ") }.sorted { $0.key < $1.key }.map {
            (String($0.key.dropFirst(7)).lowercased(), $0.value)
        }
    }

    /// The options of a target with the case's settings.
    package func options() -> TargetOptions {
        var options = TargetOptions()
        for pair in self.list("parameters") {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { options.parameters[parts[0]] = parts[1] }
        }
        options.enabledFields = self.list("enabled")
        options.clearableFields = self.list("clearable")
        options.updateSemantics = self.settings["semantics"].flatMap { UpdateSemantics(rawValue: $0) }
        return options
    }
}
