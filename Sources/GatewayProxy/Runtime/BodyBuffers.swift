/// Room for the body of a request or an answer: nearly always that of the one before, which was translated as soon as
/// it was whole.
///
/// Keeps one. Confined to its event loop.
final class BodyBuffers {
    private var kept: [UInt8] = []
    /// A product with all its texts; a larger one must not keep its memory for ever.
    private static let bytesMax = 64 * 1024

    /// None that is larger than `bytesMax`: a peer that sends one byte and waits must not hold much more than that.
    func take(ofAtMost bytesMax: Int) -> [UInt8] {
        guard self.kept.capacity <= bytesMax else { return [] }
        var taken: [UInt8] = []
        swap(&taken, &self.kept)
        return taken
    }

    /// Takes the room of a body that nobody else refers to; leaves an empty one.
    func giveBack(_ body: inout [UInt8]) {
        if !body.isEmpty, body.capacity <= Self.bytesMax {
            body.removeAll(keepingCapacity: true)
            swap(&body, &self.kept)
        }
        body = []
    }
}
