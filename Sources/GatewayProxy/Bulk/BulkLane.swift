import GatewayTranslation
import NIOCore

/// What a stream keeps for one of its targets: the order of its lines there, those that may be sent, and how fast.
///
/// Confined to its event loop.
final class BulkLane {
    let target: Target
    /// Its place among the stream's targets.
    let index: Int
    var order: BulkOrder<BulkPart>
    var pace = BulkPace()
    /// Those whose turn it is, in the order in which they came.
    private(set) var ready = CircularBuffer<BulkPart>()
    /// Those that are under way, in no particular order.
    private(set) var underWay: [BulkPart] = []

    init(target: Target, index: Int, goesOnAfterFailure: Bool) {
        self.target = target
        self.index = index
        self.order = BulkOrder(goesOnAfterFailure: goesOnAfterFailure)
    }

    func append(_ part: BulkPart) { self.ready.append(part) }

    /// It is sent again before those behind it.
    func postpone(_ part: BulkPart) { self.ready.prepend(part) }

    /// The next one goes out.
    func start() -> BulkPart? {
        guard let part = self.ready.popFirst() else { return nil }
        self.pace.sent()
        part.place = self.underWay.count
        self.underWay.append(part)
        return part
    }

    /// A part that was under way is not any more; false where it was none.
    func ended(_ part: BulkPart) -> Bool {
        guard part.place < self.underWay.count, self.underWay[part.place] === part else { return false }
        let last = self.underWay.removeLast()
        if last !== part {
            last.place = part.place
            self.underWay[part.place] = last
        }
        return true
    }

    /// All that have not been sent; none is left.
    func giveUp() -> [BulkPart] {
        let parts = Array(self.ready) + self.order.giveUp()
        self.ready.removeAll()
        return parts
    }
}
