import Foundation
import GatewayConfiguration
import Testing

/// The schema and the reference are made from the code. Run the tests with `UPDATE_GENERATED=1` in
/// the environment to write them anew after a change of the keys.
@Suite("Generated files")
struct GeneratedFilesTests {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let isUpdating = ProcessInfo.processInfo.environment["UPDATE_GENERATED"] == "1"

    @Test("gateway.schema.json is what the code reads")
    func schemaIsCurrent() throws {
        let file = Self.root.appending(path: "gateway.schema.json")
        if Self.isUpdating {
            try ConfigurationSchema.text.write(to: file, atomically: false, encoding: .utf8)
        }
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text == ConfigurationSchema.text, "run the tests with UPDATE_GENERATED=1")
    }

    @Test("The reference in docs/configuration.md is what the code reads")
    func referenceIsCurrent() throws {
        let file = Self.root.appending(path: "docs/configuration.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let begin = try #require(text.range(of: ConfigurationReference.beginMark + "\n\n"))
        let end = try #require(text.range(of: "\n" + ConfigurationReference.endMark))
        if Self.isUpdating {
            let updated = text.replacingCharacters(
                in: begin.upperBound..<end.lowerBound, with: ConfigurationReference.text)
            try updated.write(to: file, atomically: false, encoding: .utf8)
            return
        }
        #expect(
            String(text[begin.upperBound..<end.lowerBound]) == ConfigurationReference.text,
            "run the tests with UPDATE_GENERATED=1")
    }
}
