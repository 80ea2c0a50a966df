import Foundation
import GatewayDocuments
import GatewayJSON
import GatewayTranslation
import Testing

/// Replays what the fuzzer once found.
@Suite("Inputs that once broke something")
struct FailCaseTests {
    private static let inputs: [URL] = {
        let folder = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fuzzing/FailCases")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.sorted { $0.path < $1.path }
    }()

    @Test("is refused or understood, and never traps", arguments: Self.inputs)
    func holds(input: URL) throws {
        let bytes = Array(try Data(contentsOf: input))
        let translator = Translator()
        for name in Dialect.builtInNames {
            let plan = try TargetPlan(targetName: name, dialect: Dialect(named: name))
            for operation in ProductOperation.allCases {
                for handling in [Handling.strict, .lenient] {
                    _ = try? translator.translate(
                        operation, for: plan, id: Array("P1".utf8), body: bytes, handling: handling)
                }
                for status in [200, 400, 500] {
                    _ = translator.fold(
                        VendorAnswer(status: status, body: bytes), to: nil, operation: operation, for: plan)
                }
            }
        }
        _ = try? Dialect(parsing: bytes)
    }
}
