import GatewayConfiguration
import Testing

@Suite("Changes between two configurations")
struct ConfigurationChangeTests {
    private static func changes(from old: String, to new: String) throws -> [ConfigurationChange] {
        let machine = Machine(environment: ["A": "a", "B": "b"])
        let before = try #require(machine.load(old).configuration)
        let after = try #require(machine.load(new).configuration)
        return before.changes(to: after)
    }

    @Test("the same configuration, written otherwise, changes nothing")
    func nothing() throws {
        let other = configuration(root: #""workers": "auto", "drainTimeout": "25000ms""#)
        #expect(try Self.changes(from: configuration(), to: other) == [])
    }

    @Test("each changed key is named, with both values and whether it needs a restart")
    func values() throws {
        let new = configuration(
            target: #""timeouts": {"connect": "1s"}, "enable": ["/a"]"#,
            root: #""workers": 2, "defaultTarget": "cor""#)
        #expect(
            try Self.changes(from: configuration(), to: new).map { "\($0) \($0.needsRestart)" } == [
                "$.workers: \"auto\" became 2 true",
                "$.defaultTarget: absent became \"cor\" false",
                "$.targets.cor.timeouts.connect: \"2s\" became \"1s\" false",
                "$.targets.cor.enable: [] became [\"/a\"] false",
            ])
    }

    @Test("a new target is one change, a secret shows where it comes from")
    func targets() throws {
        let old = configuration(target: #""credentials": {"bearer": {"token": {"env": "A"}}}"#)
        let new = old.replacing("\"A\"", with: "\"B\"").replacing(
            "\"targets\": {", with: #""targets": {"new": {"dialect": "cor", "baseURL": "https://n.example"}, "#)
        let changes = try Self.changes(from: old, to: new)
        #expect(
            changes.map(\.path) == ["$.targets.cor.credentials.bearer.token", "$.targets.new"])
        #expect(changes.first?.new == #"{"env":"B"}"#)
        #expect(changes.last?.old == nil)
    }
}
