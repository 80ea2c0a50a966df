import GatewayJSON
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
    /// Whether lines may travel together, if its target takes batches at all.
    let takesBatches: Bool
    var batchPace = BatchPace()
    /// What is ready is sent before long.
    var batchesAreDue = false
    /// Lines that are done, by what is known of them, until it is clear that they are the same.
    var verification = LineVerification<BulkPart>()
    /// Products of which a line goes out again that an earlier stream has begun or left open: what follows of them goes
    /// out again too, so that the last one counts.
    private var repeatedProducts: Set<Int> = []
    private var repeatsAll = false
    /// Those whose turn it is, in the order in which they came.
    private(set) var ready = CircularBuffer<BulkPart>()
    /// Those that are under way, in no particular order.
    private(set) var underWay: [BulkPart] = []

    init(target: Target, index: Int, goesOnAfterFailure: Bool) {
        self.target = target
        self.index = index
        self.takesBatches = target.plan.batch(of: .update) != nil || target.plan.batch(of: .create) != nil
        self.order = BulkOrder(goesOnAfterFailure: goesOnAfterFailure)
    }

    func append(_ part: BulkPart) { self.ready.append(part) }

    /// It is sent again before those that were not, and among those that were in the order of their lines.
    func postpone(_ part: BulkPart) {
        part.isPostponed = true
        let place = self.ready.firstIndex { !$0.isPostponed || $0.line.number > part.line.number }
        self.ready.insert(part, at: place ?? self.ready.endIndex)
    }

    /// The next one goes out.
    func start() -> BulkPart? {
        guard let part = self.travels() else { return nil }
        self.pace.sent()
        return part
    }

    /// The next one goes out with others: one request for all of them.
    @discardableResult
    func travels() -> BulkPart? {
        guard let part = self.ready.popFirst() else { return nil }
        part.isPostponed = false
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

    /// A line of the product goes out again.
    func repeats(_ id: [UInt8]) {
        guard !self.repeatsAll else { return }
        self.repeatedProducts.insert(ExactText(bytes: id).hashValue)
        // More need not be remembered: to send an update twice does no harm.
        if self.repeatedProducts.count > BulkLimits.failedMax {
            self.repeatsAll = true
            self.repeatedProducts = []
        }
    }

    /// Whether a line that is done must go out again, because one before it of the same product does.
    func mustRepeat(_ id: [UInt8]?) -> Bool {
        guard let id else { return false }
        if self.repeatsAll { return true }
        return !self.repeatedProducts.isEmpty && self.repeatedProducts.contains(ExactText(bytes: id).hashValue)
    }

    /// All that have not been sent; none is left.
    func giveUp() -> [BulkPart] {
        let parts = self.verification.giveUp() + Array(self.ready) + self.order.giveUp()
        self.ready.removeAll()
        return parts
    }
}
