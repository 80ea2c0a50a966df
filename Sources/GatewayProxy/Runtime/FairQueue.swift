import NIOCore

/// A queue with a row for each owner. Rows are served in turn, and each row first come, first served: an owner with
/// many elements does not delay the others. Elements of low priority are served when no other waits, and in every tenth
/// turn, so that they are not starved.
///
/// The queue has no limit of its own: its user sets one. Adding and taking cost a few steps however many wait; finding
/// the longest row looks at each row once. Confined to one event loop.
struct FairQueue<Element: AnyObject> {
    private var rows: [QueueOwner: CircularBuffer<Element>] = [:]
    /// Owners with elements of normal priority, in the order of their turns.
    private var turns: CircularBuffer<QueueOwner> = []
    /// Owners with elements of low priority, in the order of their turns.
    private var laterTurns: CircularBuffer<QueueOwner> = []
    /// Turns since an element of low priority was served, while one waited.
    private var turnsBefore = 0
    private(set) var count = 0

    var isEmpty: Bool { self.count == 0 }

    private static var turnsBeforeMax: Int { 9 }

    mutating func append(_ element: Element, of owner: QueueOwner) {
        self.count += 1
        if self.rows[owner]?.append(element) == nil {
            self.rows[owner] = [element]
            self.queue(owner)
        }
    }

    private mutating func queue(_ owner: QueueOwner) {
        if owner.givesWay { self.laterTurns.append(owner) } else { self.turns.append(owner) }
    }

    private mutating func unqueue(_ owner: QueueOwner) {
        if owner.givesWay { self.laterTurns.removeAll { $0 == owner } } else { self.turns.removeAll { $0 == owner } }
    }

    /// Takes the first of the row whose turn it is.
    mutating func popFirst() -> (element: Element, owner: QueueOwner)? {
        guard let owner = self.nextOwner(), let element = self.rows[owner]?.popFirst() else { return nil }
        self.count -= 1
        if self.rows[owner]?.isEmpty == false {
            self.queue(owner)
        } else {
            self.rows[owner] = nil
        }
        return (element, owner)
    }

    private mutating func nextOwner() -> QueueOwner? {
        guard !self.laterTurns.isEmpty else { return self.turns.popFirst() }
        guard self.turnsBefore < Self.turnsBeforeMax, let owner = self.turns.popFirst() else {
            self.turnsBefore = 0
            return self.laterTurns.popFirst()
        }
        self.turnsBefore += 1
        return owner
    }

    /// Puts one back that was taken last: it is the next again.
    mutating func putBack(_ element: Element, of owner: QueueOwner) {
        self.count += 1
        if self.rows[owner]?.prepend(element) == nil {
            self.rows[owner] = [element]
        } else {
            self.unqueue(owner)
        }
        if owner.givesWay {
            self.laterTurns.prepend(owner)
            self.turnsBefore = Self.turnsBeforeMax
        } else {
            self.turns.prepend(owner)
            self.turnsBefore = max(0, self.turnsBefore - 1)
        }
    }

    /// - Returns: whether it waited.
    @discardableResult
    mutating func remove(_ element: Element, of owner: QueueOwner) -> Bool {
        guard let index = self.rows[owner]?.firstIndex(where: { $0 === element }) else { return false }
        self.count -= 1
        self.rows[owner]?.remove(at: index)
        self.forgetIfEmpty(owner)
        return true
    }

    private mutating func forgetIfEmpty(_ owner: QueueOwner) {
        guard self.rows[owner]?.isEmpty == true else { return }
        self.rows[owner] = nil
        self.unqueue(owner)
    }

    /// Makes room for one of `owner`: takes the newest of whoever has most among those who give way to it, or else
    /// where somebody has more waiting than `owner` would have then.
    ///
    /// - Returns: nil where there is neither: then the newcomer is the one too many.
    mutating func makeRoom(for owner: QueueOwner) -> Element? {
        let own = self.rows[owner]?.count ?? 0
        let most = self.rows.filter { $0.key.givesWay }.max { $0.value.count < $1.value.count }
        let chosen: QueueOwner
        if let most, !owner.givesWay {
            chosen = most.key
        } else {
            let equals = owner.givesWay ? most : self.rows.max { $0.value.count < $1.value.count }
            guard let equals, equals.value.count > own + 1 else { return nil }
            chosen = equals.key
        }
        let displaced = self.rows[chosen]?.popLast()
        if displaced != nil { self.count -= 1 }
        self.forgetIfEmpty(chosen)
        return displaced
    }

    /// All who wait, as they would be served if nobody came or left.
    var inTurn: [Element] {
        var rest = self
        var elements: [Element] = []
        elements.reserveCapacity(self.count)
        while let (element, _) = rest.popFirst() { elements.append(element) }
        return elements
    }

    mutating func removeAll() {
        self.rows.removeAll()
        self.turns.removeAll()
        self.laterTurns.removeAll()
        self.turnsBefore = 0
        self.count = 0
    }
}
