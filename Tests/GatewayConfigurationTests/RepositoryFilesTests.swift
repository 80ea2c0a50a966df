import Foundation
import GatewayConfiguration
import Testing

@Suite("The files of the repository")
struct RepositoryFilesTests {
    private static func text(of path: String) throws -> String {
        try String(contentsOf: GeneratedFilesTests.root.appending(path: path), encoding: .utf8)
    }

    @Test("gateway.json configures the four vendors without a mistake")
    func example() throws {
        var machine = Machine()
        machine.environment = [
            "COR_API_KEY": "a", "COR_CLIENT_SECRET": "b", "EP_CLIENT_ID": "c", "SOFTWAREONE_TOKEN": "d",
        ]
        machine.files = [
            "/run/secrets/ep": "e\n", "/run/secrets/catalogue": "f\n",
            "/etc/gateway/tls.crt": Machine.certificate, "/etc/gateway/tls.key": Machine.privateKey,
        ]
        let result = machine.load(try Self.text(of: "gateway.json"))
        #expect(result.lines == [])
        let configuration = try #require(result.configuration)
        #expect(Set(configuration.targets.keys) == Set(Machine.builtInDialects))
        for (name, target) in configuration.targets {
            #expect(target.dialect == name)
            #expect(target.baseURL.scheme == .https)
            #expect(target.credentials != nil)
        }
    }

    @Test("gateway.json is usable on a machine without its secrets, and says what is missing")
    func exampleWithoutSecrets() throws {
        let result = Machine(secrets: .reported).load(try Self.text(of: "gateway.json"))
        #expect(result.configuration != nil)
        #expect(result.diagnostics.count == 8)
        #expect(result.diagnostics.allSatisfy { $0.severity == .warning })
    }

    @Test("every JSON block of docs/configuration.md says something valid")
    func documentBlocks() throws {
        let blocks = try Self.text(of: "docs/configuration.md").components(separatedBy: "```json\n")
            .dropFirst().compactMap { $0.components(separatedBy: "\n```").first }
        #expect(blocks.count >= 3)
        for block in blocks {
            let isWhole = block.contains("\"targets\"")
            let text =
                isWhole
                ? block
                : configuration(target: #""credentials": {"bearer": {"token": \#(block)}}"#)
            #expect(Machine(secrets: .ignored).load(text).errors == [], "\(block)")
        }
    }

    @Test("the example messages of docs/configuration.md are what check says")
    func documentMessages() throws {
        let document = try Self.text(of: "docs/configuration.md")
        let wrong = configuration(target: #""timeouts": {"connect": 5}"#)
            .replacing("baseURL", with: "baseUrl")
        let lines = Machine().load(wrong).lines
        #expect(!lines.isEmpty)
        for line in lines where !line.contains("is missing") {
            let message = line.drop { $0 != "$" }
            #expect(document.contains(message), "\(line)")
        }
    }
}
