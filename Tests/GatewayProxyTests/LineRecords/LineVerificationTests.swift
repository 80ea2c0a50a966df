import Testing

@testable import GatewayProxy

@Suite("Lines that are done are held against what was done")
struct LineVerificationTests {
    private static func waiters(_ verdict: LineVerification<Int>.Verdict) -> (isSame: Bool?, [Int]) {
        switch verdict {
        case .nothing: (nil, [])
        case .same(let waiters): (true, waiters)
        case .different(let waiters): (false, waiters)
        }
    }

    private static func expect(
        _ verdict: LineVerification<Int>.Verdict, _ isSame: Bool?, _ waiters: [Int],
        at location: SourceLocation = #_sourceLocation
    ) {
        let found = self.waiters(verdict)
        #expect(found.isSame == isSame && found.1 == waiters, sourceLocation: location)
    }

    @Test("when all of them have come they are the same, whoever is told")
    func same() {
        var lines = LineVerification<Int>()
        Self.expect(lines.reach(block: 4) { (3, 60) }, nil, [])
        Self.expect(lines.came(1, digest: 10), nil, [])
        Self.expect(lines.came(nil, digest: 20), nil, [])
        Self.expect(lines.reach(block: 4) { (9, 9) }, nil, [])
        #expect(lines.waiters == 1)
        Self.expect(lines.came(3, digest: 30), true, [1, 3])
        Self.expect(lines.reach(block: 5) { (0, 0) }, nil, [])
        Self.expect(lines.end(), nil, [])
    }

    @Test("one that differs makes all of them others")
    func different() {
        var lines = LineVerification<Int>()
        _ = lines.reach(block: 0) { (2, 60) }
        _ = lines.came(1, digest: 10)
        Self.expect(lines.came(2, digest: 51), false, [1, 2])
    }

    @Test("one that is missing at the end of its block, or of the stream, makes all of them others")
    func missing() {
        var lines = LineVerification<Int>()
        _ = lines.reach(block: 0) { (2, 60) }
        _ = lines.came(1, digest: 10)
        Self.expect(lines.reach(block: 1) { (1, 5) }, false, [1])
        Self.expect(lines.came(7, digest: 5), true, [7])
        _ = lines.reach(block: 2) { (2, 5) }
        _ = lines.came(8, digest: 5)
        Self.expect(lines.end(), false, [8])
    }

    @Test("whoever is given up is told nothing more")
    func givenUp() {
        var lines = LineVerification<Int>()
        _ = lines.reach(block: 0) { (2, 60) }
        _ = lines.came(1, digest: 10)
        #expect(lines.giveUp() == [1])
        Self.expect(lines.end(), nil, [])
    }
}
