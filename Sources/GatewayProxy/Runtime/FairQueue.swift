import NIOCore

/// A queue in which everybody's row is served in turn, first come first served within each, so that whoever asks most
/// does not make the others wait.
///
/// Bounded by whoever uses it. Adding and taking cost a few steps however many wait; finding who has most looks at each
/// row once. Confined to one event loop.
struct FairQueue<Element: AnyObject> {
    private var rows: [ObjectIdentifier: CircularBuffer<Element>] = [:]
    /// Those who have somebody waiting, in the order of their turns.
    private var turns: CircularBuffer<ObjectIdentifier> = []
    private(set) var count = 0

    var isEmpty: Bool { self.count == 0 }

    mutating func append(_ element: Element, of owner: ObjectIdentifier) {
        self.count += 1
        if self.rows[owner]?.append(element) == nil {
            self.rows[owner] = [element]
            self.turns.append(owner)
        }
    }

    /// Takes the first of the row whose turn it is.
    mutating func popFirst() -> (element: Element, owner: ObjectIdentifier)? {
        guard let owner = self.turns.popFirst(), let element = self.rows[owner]?.popFirst() else { return nil }
        self.count -= 1
        if self.rows[owner]?.isEmpty == false {
            self.turns.append(owner)
        } else {
            self.rows[owner] = nil
        }
        return (element, owner)
    }

    /// Puts one back that was taken last: it is the next again.
    mutating func putBack(_ element: Element, of owner: ObjectIdentifier) {
        self.count += 1
        if self.rows[owner]?.prepend(element) == nil {
            self.rows[owner] = [element]
        } else {
            self.turns.removeAll { $0 == owner }
        }
        self.turns.prepend(owner)
    }

    /// - Returns: whether it waited.
    @discardableResult
    mutating func remove(_ element: Element, of owner: ObjectIdentifier) -> Bool {
        guard let index = self.rows[owner]?.firstIndex(where: { $0 === element }) else { return false }
        self.count -= 1
        self.rows[owner]?.remove(at: index)
        if self.rows[owner]?.isEmpty == true {
            self.rows[owner] = nil
            self.turns.removeAll { $0 == owner }
        }
        return true
    }

    /// Makes room for one of `owner` where somebody else has more waiting than `owner` would have then: takes the
    /// newest of whoever has most.
    ///
    /// - Returns: nil where there is none who has more: then the newcomer is the one too many.
    mutating func makeRoom(for owner: ObjectIdentifier) -> Element? {
        let own = self.rows[owner]?.count ?? 0
        guard let most = self.rows.max(by: { $0.value.count < $1.value.count }), most.value.count > own + 1 else {
            return nil
        }
        self.count -= 1
        return self.rows[most.key]?.popLast()
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
        self.count = 0
    }
}
