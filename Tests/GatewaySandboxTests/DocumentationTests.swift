import Foundation
import Testing

@testable import GatewaySandbox

/// docs/sandbox.md repeats tables of the code; it may not fall behind.
struct DocumentationTests {
    private let page: String

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/sandbox.md")
        self.page = try String(contentsOf: file, encoding: .utf8)
    }

    @Test(
        "every magic word is documented with its meaning",
        arguments: [
            CORStandIn.provocations.all, ElasticPathStandIn.provocations.all, SoftwareOneStandIn.provocations.all,
            CatalogueStandIn.provocations.all,
        ].map { ProvocationList(words: $0) })
    func words(_ list: ProvocationList) {
        for word in list.words {
            let id = word.alias.map { ", `\($0)`" } ?? ""
            #expect(self.page.contains("| `\(word.word)`\(id) | \(word.meaning) |"))
        }
    }

    @Test("every path of the vendors and of the control API is documented")
    func paths() {
        let paths = CORStandIn.paths + ElasticPathStandIn.paths + SoftwareOneStandIn.paths + CatalogueStandIn.paths
        for path in paths + VendorSandbox.controlPaths { #expect(self.page.contains("`\(path)`"), "\(path)") }
    }

    @Test("every credential is documented with its variable and its default")
    func credentials() {
        for variable in SandboxCredentials.variables {
            let value = SandboxCredentials()[keyPath: variable.member]
            #expect(self.page.contains("| `\(variable.name)` | `\(value)` |"), "\(variable.name)")
        }
    }

    @Test("every seeded product is documented")
    func seeds() {
        let ids =
            CORStandIn.seed.keys.map(\.id) + ElasticPathStandIn.seed.keys + SoftwareOneStandIn.seed.keys
            + CatalogueStandIn.seed.keys + CORStandIn.clients.keys + CORStandIn.brands.keys
            + CatalogueStandIn.measurements.keys + CatalogueStandIn.taxGroups.keys
            + CatalogueStandIn.families.keys + CatalogueStandIn.costCentres.keys
        for id in ids { #expect(self.page.contains("`\(id)`"), "\(id)") }
    }
}

/// A table's words, named by their number in a test's report.
struct ProvocationList: Sendable, CustomTestStringConvertible {
    let words: [Provocation]
    var testDescription: String { "\(self.words.count) words" }
}
