import GatewayConfiguration
import GatewayProxy
import GatewayTranslation
import Testing

@testable import product_gateway

@Suite("What a reload would change")
struct ConfigurationDifferenceTests {
    private static func difference(_ old: String, _ new: String) throws -> ConfigurationDifference {
        let inputs = ConfigurationInputs(
            environment: { _ in nil }, readFile: { _, _ in .success([]) }, epochSeconds: { 0 },
            builtInDialects: Dialect.builtInNames, secrets: .ignored)
        func load(_ targets: String) throws -> (Configuration, [String: TargetPlan]) {
            let text = #"{"listener": {"host": "127.0.0.1"}, "targets": \#(targets)}"#
            let result = Configuration.load(bytes: Array(text.utf8), path: "gateway.json", inputs: inputs)
            let configuration = try #require(result.configuration, "\(result.diagnostics)")
            return (configuration, ConfiguredTargets(configuration, file: "gateway.json", inputs: inputs).plans)
        }
        let (before, oldPlans) = try load(old)
        let (after, newPlans) = try load(new)
        return ConfigurationDifference(from: before, oldPlans, to: after, newPlans)
    }

    private static let cor = #"{"dialect": "cor", "baseURL": "https://x.example"}"#

    @Test("nothing is nothing")
    func nothing() throws {
        let difference = try Self.difference(#"{"a": \#(Self.cor)}"#, #"{"a": \#(Self.cor)}"#)
        #expect(difference.isEmpty)
        #expect(difference.lines.isEmpty)
    }

    @Test("targets that come and go are told")
    func targets() throws {
        let difference = try Self.difference(#"{"a": \#(Self.cor)}"#, #"{"b": \#(Self.cor)}"#)
        #expect(difference.targets.map(\.name) == ["a", "b"])
        #expect(difference.targets.map(\.change) == [.removed, .added])
        #expect(difference.lines.map { $0.prefix(19) } == ["target a is removed", "target b is added"])
        #expect(!difference.needsRestart)
    }

    @Test("a target of another dialect takes other fields")
    func fields() throws {
        let difference = try Self.difference(
            #"{"a": \#(Self.cor)}"#, #"{"a": {"dialect": "elastic-path", "baseURL": "https://x.example"}}"#)
        let target = try #require(difference.targets.first)
        #expect(target.gains.contains("update /sku"))
        #expect(target.loses.contains("create /clientId") || target.loses.contains("update /brandId"))
        #expect(difference.changes.map(\.path).contains("$.targets.a.dialect"))
    }
}
