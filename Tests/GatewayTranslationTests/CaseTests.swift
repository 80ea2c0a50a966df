import GatewayTranslation
import Testing

@Suite("Cases")
struct CaseTests {
    @Test("there are at least 900 cases, and every file is one")
    func count() {
        #expect(CaseFile.all.count >= 900)
        #expect(CaseFile.all.count == CaseFile.paths.count)
        for path in CaseFile.paths {
            #expect(throws: Never.self) { _ = try CaseFile(path: path) }
        }
    }

    @Test("every case holds", arguments: CaseFile.all)
    func holds(file: CaseFile) throws {
        let run = DialectCaseRun(file.golden, at: try file.plan())
        let mistakes = run.mistakes()
        if !mistakes.isEmpty {
            Issue.record(
                "\(mistakes.joined(separator: "\n"))\nfound:\n\(run.outcome().joined(separator: "\n"))")
        }
    }
}
