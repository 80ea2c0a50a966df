import Foundation
import GatewayMetrics
import Testing

@Suite("docs/metrics.md")
struct MetricsReferenceTests {
    @Test("is what the table of metrics says")
    func document() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/metrics.md")
        if ProcessInfo.processInfo.environment["UPDATE_GENERATED"] == "1" {
            try MetricsReference.text.write(to: file, atomically: true, encoding: .utf8)
        }
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text == MetricsReference.text, "run the tests with UPDATE_GENERATED=1")
    }
}
