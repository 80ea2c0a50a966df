import Foundation
import GatewayConfiguration
import GatewayDocuments
import Testing

@Suite("Robustness")
struct RobustnessTests {
    /// SplitMix64, so that a failure can be repeated.
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            self.state &+= 0x9E37_79B9_7F4A_7C15
            var z = self.state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private static let pieces = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "-1", "1e999", "\"env\"", "\"\\u0000\"",
        "{\"env\": \"A\"}", "\u{0}", "é", "99999999999999999999999", "\"\": ", "\"targets\": {}, ",
    ]

    @Test("whatever is done to a configuration, loading it ends with diagnostics", arguments: 0..<8)
    func mutations(seed: Int) throws {
        let file = GeneratedFilesTests.root.appending(path: "gateway.json")
        let original = Array(try Data(contentsOf: file))
        let inputs = Machine(secrets: .reported).inputs
        var random = Random(state: UInt64(seed))
        for _ in 0..<250 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let start = Int.random(in: 0..<bytes.count, using: &random)
                let length = Int.random(in: 0...min(12, bytes.count - start), using: &random)
                let piece = Self.pieces.randomElement(using: &random) ?? ""
                bytes.replaceSubrange(start..<(start + length), with: Array(piece.utf8))
            }
            let result = Configuration.load(bytes: bytes, path: "gateway.json", inputs: inputs)
            let hasErrors = result.diagnostics.contains { $0.severity == .error }
            #expect((result.configuration == nil) == hasErrors)
        }
    }

    @Test("a hundred and more keys that occur twice end, too")
    func manyDuplicates() {
        let members = Array(repeating: "\"x\": [{\"a\": \"}\"}]", count: 300).joined(separator: ",\n")
        let result = Machine().load("{\(members)}")
        #expect(result.configuration == nil)
        #expect(!result.diagnostics.isEmpty)
    }

    @Test("a diagnostic of others gets the place of its path, or of what is nearest")
    func located() {
        let text = "{\n \"targets\": {\n  \"cor\": {\"dialect\": \"cor\", \"enable\": [\"/a\",\n \"/b\"]}}}"
        let result = Machine().load(text)
        func place(_ steps: DocumentPath.Step...) -> String {
            let path = steps.reduce(DocumentPath.root) { $0.appending($1) }
            let located = result.located(Diagnostic(.error, file: "gateway.json", path: path, message: ""))
            return "\(located.line ?? 0):\(located.column ?? 0)"
        }
        #expect(place(.name("targets"), .name("cor"), .name("enable"), .index(1)) == "4:2")
        #expect(place(.name("targets"), .name("cor"), .name("enable")) == "3:39")
        #expect(place(.name("targets"), .name("cor"), .name("parameters"), .name("source")) == "3:10")
        #expect(place(.name("targets"), .name("corr")) == "2:13")
        #expect(place(.name("dialects")) == "1:1")
        let other = Diagnostic(.error, file: "acme.json", message: "")
        #expect(result.located(other) == other)
    }
}
