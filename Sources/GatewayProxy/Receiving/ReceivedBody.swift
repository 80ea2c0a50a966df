/// A caller's body as far as it has come: collected, because it must be checked whole before any of it is sent.
struct ReceivedBody {
    private(set) var bytes: [UInt8] = []

    /// Memory that one received byte can make us set aside: a frame's worth for a whole body of some frames.
    private static let reservedPerByte = 16

    var count: Int { self.bytes.count }
    var capacity: Int { self.bytes.capacity }

    /// - Parameters:
    ///   - announced: what the body will come to, as the caller says.
    ///   - bytesMax: what it may come to.
    mutating func append(
        _ received: UnsafeRawBufferPointer, announced: Int, bytesMax: Int, buffers: BodyBuffers
    ) {
        if self.bytes.isEmpty {
            // Once, instead of growing with every frame; no more than the caller backs with bytes that it sends.
            let backed = Self.reservedPerByte * received.count
            self.bytes = buffers.take(ofAtMost: backed)
            self.bytes.reserveCapacity(max(min(announced, backed, bytesMax), received.count))
        }
        self.bytes.append(contentsOf: received)
    }

    /// The body is not needed any more: its room serves the next one.
    mutating func release(to buffers: BodyBuffers) {
        buffers.giveBack(&self.bytes)
    }
}
