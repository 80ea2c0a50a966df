import GatewayTranslation

/// Failures of one kind: of the same target, with the same code, by the same side.
struct FailureGroup: Sendable {
    /// Nil where no target was known yet.
    let target: String?
    let code: ProblemCode
    let origin: ProblemOrigin
    /// When the first came, in Unix time.
    private(set) var sinceEpochMilliseconds: Int
    /// How many have come since then.
    private(set) var count = 0
    private var newest = Ring<RecentFailure>(capacity: FailureGroup.examplesMax)

    /// Enough to see whether they have something in common.
    static let examplesMax = 4

    init(of failure: RecentFailure) {
        self.target = failure.target
        self.code = failure.code
        self.origin = failure.origin
        self.sinceEpochMilliseconds = failure.epochMilliseconds
    }

    /// The last few, newest first.
    var examples: [RecentFailure] { self.newest.all.reversed() }
    var lastEpochMilliseconds: Int { self.newest.last?.epochMilliseconds ?? self.sinceEpochMilliseconds }
    var isRefusal: Bool { self.code.isRefusal }

    func isOfTheKind(of failure: RecentFailure) -> Bool {
        self.code == failure.code && self.origin == failure.origin && self.target == failure.target
    }

    mutating func append(_ failure: RecentFailure) {
        self.count += 1
        self.newest.append(failure)
    }

    /// The groups of several workers, those of one kind as one; the one with the newest failure first.
    static func merged(_ groups: [FailureGroup]) -> [FailureGroup] {
        struct Kind: Hashable {
            let target: String?
            let code: ProblemCode
            let origin: ProblemOrigin
        }
        var merged: [FailureGroup] = []
        for same in Dictionary(grouping: groups, by: { Kind(target: $0.target, code: $0.code, origin: $0.origin) })
            .values
        {
            var all = same[0]
            if same.count > 1 {
                let examples = same.flatMap(\.examples).sorted { $0.epochMilliseconds < $1.epochMilliseconds }
                all.newest = Ring(capacity: Self.examplesMax)
                for example in examples.suffix(Self.examplesMax) { all.newest.append(example) }
                all.count = same.reduce(0) { $0 + $1.count }
                all.sinceEpochMilliseconds = same.map(\.sinceEpochMilliseconds).min() ?? 0
            }
            merged.append(all)
        }
        return merged.sorted {
            ($1.lastEpochMilliseconds, $0.target ?? "", $0.code.rawValue)
                < ($0.lastEpochMilliseconds, $1.target ?? "", $1.code.rawValue)
        }
    }
}
