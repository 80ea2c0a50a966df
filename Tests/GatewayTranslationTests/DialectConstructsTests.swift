import Foundation
import GatewayDocuments
import GatewayJSON
import GatewayTranslation
import Testing

/// Runs the examples of `docs/dialects.md`: each construct by itself, with its golden cases.
@Suite("Constructs of docs/dialects.md")
struct DialectConstructsTests {
    struct Example: Sendable, CustomStringConvertible {
        let name: String
        let text: String
        var description: String { "\(self.name): \(self.text.prefix(60))" }
    }

    private static let page: String = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/dialects.md")
        return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    }()

    /// The fenced blocks whose info string begins so, by what follows.
    private static func blocks(_ info: String) -> [Example] {
        self.page.components(separatedBy: "\n```\(info)").dropFirst().compactMap { block in
            let lines = block.components(separatedBy: "\n")
            guard let end = lines.firstIndex(of: "```") else { return nil }
            return Example(
                name: lines[0].trimmingCharacters(in: .whitespaces), text: lines[1..<end].joined(separator: "\n"))
        }
    }

    private static let cases = Self.blocks("text case")

    /// The skeleton, with the members of a construct in the place of its own.
    private func dialect(_ name: String) throws -> Dialect {
        let skeleton = try JSONDocument(parsing: try #require(Self.blocks("json skeleton").first).text).root
        let construct = try #require(Self.blocks("json construct").first { $0.name == name })
        let own = try JSONDocument(parsing: construct.text).root
        let members = own.members + skeleton.members.filter { own[$0.name] == nil }
        let text = members.map { "\"\($0.name)\": \(String(decoding: $0.value.rawBytes, as: UTF8.self))" }
        return try Dialect(parsing: Array("{\(text.joined(separator: ","))}".utf8))
    }

    @Test("there is an example of each, and every construct has a case")
    func count() {
        #expect(Self.cases.count >= 20)
        let constructs = Self.blocks("json construct").map(\.name)
        #expect(Set(constructs) == Set(Self.cases.map(\.name)))
    }

    @Test("what the page shows is what happens", arguments: Self.cases)
    func holds(example: Example) throws {
        let golden = try DialectCase(parsing: example.text)
        let plan = try TargetPlan(
            targetName: "example", dialect: self.dialect(example.name), options: golden.options())
        #expect(DialectCaseRun(golden, at: plan).mistakes() == [])
    }
}
