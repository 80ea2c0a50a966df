import Testing

@testable import GatewayProxy

@Suite("The query of a product request")
struct RequestQueryTests {
    private static func parse(_ text: String) -> Result<RequestQuery, InvalidQuery> {
        Array(text.utf8).withUnsafeBufferPointer { RequestQuery.parse($0, targetsMax: 3) }
    }

    @Test(
        "targets and the dry run are read",
        arguments: [
            ("", [], false), ("target=cor", ["cor"], false), ("target=a,b,c", ["a", "b", "c"], false),
            ("target=a%2Cb", ["a", "b"], false), ("dryRun=true", [], true),
            ("dryRun=true&target=cor", ["cor"], true), ("target=cor&dryRun=false&", ["cor"], false),
            ("%74arget=cor", ["cor"], false),
        ] as [(String, [String], Bool)])
    func good(text: String, targets: [String], isDryRun: Bool) throws {
        let query = try Self.parse(text).get()
        #expect(query.targets == targets)
        #expect(query.isDryRun == isDryRun)
    }

    @Test(
        "mistakes are told in a sentence that names them",
        arguments: [
            ("target=", "target"), ("target", "target"), ("target=a,,b", "target"),
            ("target=a,b,c,d", "3"), ("target=a,a", "twice"), ("target=a&target=b", "twice"),
            ("dryRun=yes", "yes"), ("dryRun", "dryRun"), ("dryrun=true", "dryrun"), ("limit=3", "limit"),
            ("target=%", "percent"), ("target=%ff", "percent"), ("=", "query parameter"),
        ])
    func bad(text: String, named: String) {
        guard case .failure(let invalid) = Self.parse(text) else {
            Issue.record("taken")
            return
        }
        #expect(invalid.detail.contains(named))
        #expect(invalid.detail.hasSuffix("."))
    }
}
