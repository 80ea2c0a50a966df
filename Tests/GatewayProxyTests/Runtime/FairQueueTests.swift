import Testing

@testable import GatewayProxy

@Suite("A queue in which everybody has a turn")
struct FairQueueTests {
    private final class Item {
        let name: String
        init(_ name: String) { self.name = name }
    }

    private final class Owner {}

    private let owners = (0..<5).map { _ in Owner() }

    /// The fourth and fifth give way.
    private func owner(_ index: Int) -> QueueOwner {
        QueueOwner(ObjectIdentifier(self.owners[index]), givesWay: index >= 3)
    }

    private func queue(_ items: [(String, Int)]) -> FairQueue<Item> {
        var queue = FairQueue<Item>()
        for (name, owner) in items { queue.append(Item(name), of: self.owner(owner)) }
        return queue
    }

    @Test("rows are served in turn, each in its order")
    func turns() {
        var queue = self.queue([("a1", 0), ("a2", 0), ("a3", 0), ("b1", 1), ("c1", 2), ("c2", 2)])
        #expect(queue.inTurn.map(\.name) == ["a1", "b1", "c1", "a2", "c2", "a3"])
        #expect(queue.count == 6)
        var served: [String] = []
        while let (item, _) = queue.popFirst() { served.append(item.name) }
        #expect(served == ["a1", "b1", "c1", "a2", "c2", "a3"])
        #expect(queue.isEmpty)
    }

    @Test("one that is put back is the next again")
    func putBack() {
        var queue = self.queue([("a1", 0), ("a2", 0), ("b1", 1)])
        for _ in 0..<3 {
            guard let (item, owner) = queue.popFirst() else { return }
            #expect(item.name == "a1")
            queue.putBack(item, of: owner)
        }
        #expect(queue.inTurn.map(\.name) == ["a1", "b1", "a2"])
        var single = self.queue([("a1", 0)])
        guard let (item, owner) = single.popFirst() else { return }
        single.putBack(item, of: owner)
        #expect(single.inTurn.map(\.name) == ["a1"])
        #expect(single.count == 1)
    }

    @Test("one that leaves leaves no turn behind")
    func remove() {
        var queue = FairQueue<Item>()
        let item = Item("a1")
        queue.append(item, of: self.owner(0))
        queue.append(Item("b1"), of: self.owner(1))
        let removals = (0..<2).map { _ in queue.remove(item, of: self.owner(0)) }
        #expect(removals == [true, false])
        #expect(queue.count == 1)
        let rest = [queue.popFirst()?.element.name, queue.popFirst()?.element.name]
        #expect(rest == ["b1", nil])
    }

    @Test("room is made by whoever has most, for somebody with less")
    func room() {
        var queue = self.queue([("a1", 0), ("a2", 0), ("a3", 0), ("b1", 1)])
        // With as many as each other, room for one more would be no better.
        let left = [0, 1, 1, 2].map { queue.makeRoom(for: self.owner($0))?.name }
        #expect(left == [nil, "a3", nil, "a2"])
        #expect(queue.count == 2)
        queue.removeAll()
        #expect(queue.isEmpty)
        let none = queue.makeRoom(for: self.owner(2))
        #expect(none == nil)
    }

    @Test("those who give way are served when nobody else waits, and every tenth turn")
    func givesWay() {
        var queue = self.queue((0..<20).map { ("a\($0)", 0) } + [("d1", 3), ("d2", 3), ("e1", 4), ("d3", 3)])
        let served = queue.inTurn.map(\.name)
        #expect(served[9] == "d1")
        #expect(served[19] == "e1")
        #expect(Array(served[20...]) == ["a18", "a19", "d2", "d3"])
        for _ in 0..<9 { _ = queue.popFirst() }
        for _ in 0..<3 {
            guard let (item, owner) = queue.popFirst() else { return }
            #expect(item.name == "d1")
            queue.putBack(item, of: owner)
        }
    }

    @Test("those who give way leave a full queue first, and displace only each other")
    func givesWayRoom() {
        var queue = self.queue([("a1", 0), ("a2", 0), ("a3", 0), ("d1", 3), ("d2", 3)])
        let left = [4, 4, 0, 3, 0, 1].map { queue.makeRoom(for: self.owner($0))?.name }
        #expect(left == ["d2", nil, "d1", nil, nil, "a3"])
        #expect(queue.inTurn.map(\.name) == ["a1", "a2"])
    }

    @Test("whatever is added and taken, nothing is lost and nothing served twice")
    func random() {
        var random = SeededGenerator(seed: 7)
        var queue = FairQueue<Item>()
        var (added, taken) = (0, Set<String>())
        for _ in 0..<10_000 {
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1:
                added += 1
                queue.append(Item("\(added)"), of: self.owner(Int.random(in: 0..<5, using: &random)))
            case 2:
                if let (item, _) = queue.popFirst() { #expect(taken.insert(item.name).inserted) }
            case 3:
                if let (item, owner) = queue.popFirst() { queue.putBack(item, of: owner) }
            default:
                if let item = queue.makeRoom(for: self.owner(0)) { #expect(taken.insert(item.name).inserted) }
            }
            #expect(queue.count == added - taken.count)
        }
        for item in queue.inTurn { #expect(taken.insert(item.name).inserted) }
        #expect(taken.count == added)
    }
}
