import GatewayJSON

/// How what a vendor has compares with what was asked of it, member by member, in the vendor's own words.
package struct ProductComparison: Equatable, Sendable {
    /// All that was asked for is there. False where nothing of it can be seen in an answer.
    package var isAsAsked: Bool
    /// Something that was asked for has become neither what it was before nor what was asked.
    package var isChangedByOthers: Bool

    /// Compares only what was asked for. `null` and a member that is not there are the same; a number is the same only
    /// where it is written the same.
    ///
    /// - Parameters:
    ///   - before: the fields as they were; nil where nobody knows.
    ///   - unanswered: the vendor's pointers, as tokens, that no answer has.
    init(asked: JSONNode, found: JSONNode, before: JSONNode?, unanswered: [[String]]) {
        var run = Run(unanswered: Set(unanswered), knowsBefore: before != nil)
        run.compare(asked, found, before, at: [])
        self.isAsAsked = run.seen > 0 && !run.differs
        self.isChangedByOthers = run.isChangedByOthers
    }

    private struct Run {
        let unanswered: Set<[String]>
        let knowsBefore: Bool
        var seen = 0
        var differs = false
        var isChangedByOthers = false

        /// Recursive; the parser's depth limit bounds it.
        mutating func compare(_ asked: JSONNode, _ found: JSONNode?, _ before: JSONNode?, at path: [String]) {
            guard asked.kind == .object, let found, found.kind == .object else {
                self.compareWhole(asked, found, before)
                return
            }
            let (there, former) = (Self.members(of: found), Self.members(of: before))
            for (name, value) in asked.members where !self.unanswered.contains(path + [name]) {
                self.compare(value, there[name], former[name], at: path + [name])
            }
        }

        private mutating func compareWhole(_ asked: JSONNode, _ found: JSONNode?, _ before: JSONNode?) {
            self.seen += 1
            guard !Self.areEqual(asked, found) else { return }
            self.differs = true
            if self.knowsBefore, !Self.areEqual(before, found) { self.isChangedByOthers = true }
        }

        /// By name, so that objects with many members are not walked once for each.
        private static func members(of node: JSONNode?) -> [String: JSONNode] {
            Dictionary((node?.members ?? []).map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        }

        private static func areEqual(_ one: JSONNode?, _ other: JSONNode?) -> Bool {
            guard let one, !one.isNull else { return other?.isNull ?? true }
            guard let other, one.kind == other.kind else { return false }
            switch one.kind {
            case .object:
                let (members, others) = (self.members(of: one), self.members(of: other))
                return members.count == others.count
                    && members.allSatisfy { name, value in
                        others[name].map { self.areEqual(value, $0) } ?? false
                    }
            case .array:
                let (elements, others) = (one.elements, other.elements)
                return elements.count == others.count
                    && zip(elements, others).allSatisfy { self.areEqual($0, $1) }
            case .string: return one.string == other.string
            case .number: return one.rawBytes == other.rawBytes
            default: return true
            }
        }
    }
}

extension JSONNode {
    /// The value at these tokens, of objects by name and of arrays by position; nil where there is none.
    func value(at tokens: [String]) -> JSONNode? {
        var node = self
        for token in tokens {
            let next: JSONNode?
            switch node.kind {
            case .object: next = node[token]
            case .array:
                let elements = node.elements
                next = Int(token).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            default: next = nil
            }
            guard let next else { return nil }
            node = next
        }
        return node
    }
}
