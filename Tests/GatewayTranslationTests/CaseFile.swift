import Foundation
import GatewayDocuments
import GatewayJSON
import GatewayTranslation

/// One test case: a file of settings, what goes in, and what must come out, separated by lines of dashes.
///
///     # Why this case exists.
///     target: elastic-path
///     id: 60afe403
///     ----------
///     {"name": "Oven"}
///     ----------
///     PUT /pcm/products/60afe403
///     {"data": {"type": "product", "id": "60afe403", "attributes": {"name": "Oven"}}}
///
/// A case with a `status` folds the input, a vendor's answer; any other translates it. Both directions are described
/// in `Cases/README.md`.
struct CaseFile: Sendable, CustomStringConvertible {
    let name: String
    let settings: [String: String]
    let input: [UInt8]
    let expectation: [String]

    var description: String { self.name }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")

    static let all: [CaseFile] = {
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: Self.folder.path)) ?? []
        return paths.filter { $0.hasSuffix(".case") }.sorted().compactMap { CaseFile(path: $0) }
    }()

    init?(path: String) {
        guard let text = try? String(contentsOf: Self.folder.appending(path: path), encoding: .utf8) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let sections = lines.split(separator: "----------", omittingEmptySubsequences: false)
        guard sections.count == 3 else { return nil }
        var settings: [String: String] = [:]
        for line in sections[0] where !line.hasPrefix("#") && !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            settings[String(line[..<colon])] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        self.name = path
        self.settings = settings
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

    func plan() throws -> TargetPlan {
        let name = self.settings["target"] ?? ""
        var options = TargetOptions()
        if name == "cor", self.settings["parameters"] == nil { options.parameters = ["source": "MICROSOFT_DYNAMICS"] }
        for pair in self.list("parameters") {
            let parts = pair.split(separator: "=").map(String.init)
            if parts.count == 2 { options.parameters[parts[0]] = parts[1] }
        }
        options.enabledFields = self.list("enabled")
        options.clearableFields = self.list("clearable")
        options.updateSemantics = self.settings["semantics"].flatMap { UpdateSemantics(rawValue: $0) }
        return try TargetPlan(targetName: name, dialect: Dialect(named: name), options: options)
    }

    func list(_ name: String) -> [String] {
        (self.settings[name] ?? "").split(separator: " ").map(String.init).filter { $0 != "none" }
    }

    var operation: ProductOperation { ProductOperation(rawValue: self.settings["operation"] ?? "") ?? .update }
    var handling: Handling? { self.settings["handling"].flatMap { Handling(rawValue: $0) } }
    var id: [UInt8]? {
        self.settings["id"].map { Array($0.utf8) } ?? (self.operation == .update ? Array("P1".utf8) : nil)
    }
}
