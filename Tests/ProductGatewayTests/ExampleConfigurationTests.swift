import Foundation
import Testing

@testable import product_gateway

@Suite("The example that the binary carries")
struct ExampleConfigurationTests {
    @Test("is the gateway.json of this repository")
    func text() throws {
        let file = BuiltBinary.repository.appending(path: "gateway.json")
        #expect(try String(contentsOf: file, encoding: .utf8) == ExampleConfiguration.text)
    }

    @Test("serves commands that send nothing, in a folder without a configuration")
    func emptyFolder() throws {
        let binary = try BuiltBinary()
        defer { binary.remove() }
        let outcome = try binary.run("translate", "--target", "cor", "--id", "EXT-1", input: #"{"name": "x"}"#)
        #expect(outcome.exitCode == 0)
        #expect(outcome.document["method"] as? String == "PUT")
        #expect(outcome.errors.contains("there is no gateway.json in this folder: using the built-in example"))
    }

    @Test("does not stand in for a file that was named")
    func named() throws {
        let binary = try BuiltBinary()
        defer { binary.remove() }
        let outcome = try binary.run("translate", "--config", "other.json", "--id", "EXT-1", input: "{}")
        #expect(outcome.exitCode == 1)
        #expect(outcome.errors.contains("other.json"))
    }
}
