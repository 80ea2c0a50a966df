/// How many bytes the records of each caller take at a server, as far as one event loop knows: what it was told last,
/// and what it has added since. All event loops of all gateways report to the server, where it adds up.
///
/// Confined to its event loop.
final class RedisRoom {
    /// One caller's records.
    final class Caller {
        let scope: String
        /// What all event loops together had, when it was told last.
        fileprivate(set) var known = 0
        /// What this one has added since, and has not reported.
        fileprivate(set) var added = 0
        /// What it is reporting.
        fileprivate(set) var reported = 0
        /// In milliseconds of the asker's clock.
        fileprivate var askedAt: Int?
        fileprivate var isAsking = false

        var sum: Int { self.known + self.added + self.reported }

        fileprivate init(scope: String) { self.scope = scope }
    }

    private let bytesMax: Int
    private var callers: [String: Caller] = [:]

    /// An event loop adds so much of a caller's room at most before it is counted with what the others add.
    private static let reportedPart = 128
    /// What others have added, and what has gone, is asked for so often while the caller sends.
    private static let askedAfterMilliseconds = 1_000
    /// Callers whose room is remembered; beyond, those that have nothing are forgotten.
    private static let callersKept = 1_000
    /// What a record takes beside its targets: the key, the head, and what a server has around them.
    private static let recordBytes = 320
    private static let targetBytes = 32

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// What a target counts for; its answer comes on top.
    static func byteCount(ofTarget name: String) -> Int { self.targetBytes + name.utf8.count }

    /// What a record with these targets counts for.
    static func byteCount(ofTargets names: [String]) -> Int {
        names.reduce(self.recordBytes) { $0 + self.byteCount(ofTarget: $1) }
    }

    subscript(scope: String) -> Caller {
        if let caller = self.callers[scope] { return caller }
        if self.callers.count >= Self.callersKept {
            self.callers = self.callers.filter { $0.value.sum != 0 || $0.value.isAsking }
        }
        let caller = Caller(scope: scope)
        self.callers[scope] = caller
        return caller
    }

    func hasRoom(for count: Int, of caller: Caller) -> Bool { caller.sum + count <= self.bytesMax }

    /// A caller's records take so many bytes more, or fewer.
    ///
    /// - Returns: what is to be reported now, which `told` must follow; nil: nothing yet.
    func change(by count: Int, of caller: Caller, at milliseconds: Int) -> Int? {
        caller.added += count
        guard !caller.isAsking else { return nil }
        let isMuch = abs(caller.added) >= self.bytesMax / Self.reportedPart
        let isOld = caller.askedAt.map { milliseconds - $0 >= Self.askedAfterMilliseconds } ?? true
        guard isMuch || isOld else { return nil }
        caller.reported = caller.added
        caller.added = 0
        caller.isAsking = true
        caller.askedAt = milliseconds
        return caller.reported
    }

    /// - Parameter sum: what all have together; nil where that was not told: it is reported again.
    func told(_ sum: Int?, of caller: Caller) {
        caller.isAsking = false
        if let sum { caller.known = sum } else { caller.added += caller.reported }
        caller.reported = 0
    }
}
