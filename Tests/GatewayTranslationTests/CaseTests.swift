import GatewayJSON
import GatewayTranslation
import Testing

@Suite("Cases")
struct CaseTests {
    @Test("there are at least 150 cases, and every file is one")
    func count() {
        #expect(CaseFile.all.count >= 150)
    }

    @Test("every case holds", arguments: CaseFile.all)
    func holds(file: CaseFile) throws {
        let lines = try CaseRun(file: file).outcome()
        let expected = file.expectation.map(CaseRun.normalised)
        for line in expected where !lines.contains(line) {
            Issue.record("expected: \(line)\nfound:\n\(lines.joined(separator: "\n"))")
        }
        // What comes out beyond what is expected is a failure too, except for the wording and for members that a
        // case does not speak of at all.
        for line in lines where !expected.contains(line) && CaseRun.mustBeExpected(line, expected) {
            Issue.record("not expected: \(line)")
        }
    }
}
