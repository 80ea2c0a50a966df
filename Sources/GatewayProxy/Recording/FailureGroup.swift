import GatewayTranslation

/// Failures of one kind: with the same target, code and origin.
struct FailureGroup: Sendable {
    /// Nil if the request failed before its target was known.
    let target: String?
    let code: ProblemCode
    let origin: ProblemOrigin
    /// When the first occurred, in Unix time.
    private(set) var sinceEpochMilliseconds: Int
    /// How many have occurred since then.
    private(set) var count = 0
    private var newest = Ring<RecentFailure>(capacity: FailureGroup.examplesMax)

    /// Enough to see what they have in common.
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

    /// Merges the groups of several workers by kind; the group with the newest failure comes first.
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
