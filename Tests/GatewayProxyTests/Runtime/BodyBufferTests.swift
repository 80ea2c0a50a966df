import Testing

@testable import GatewayProxy

@Suite("Room for the bodies of requests")
struct BodyBufferTests {
    private let buffers = BodyBuffers()

    private func body(_ count: Int) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(count)
        body.append(contentsOf: repeatElement(1, count: count))
        return body
    }

    @Test("a body gets the room of the one before, and none of its bytes")
    func reuse() {
        var first = self.body(2_000)
        let room = first.withUnsafeBufferPointer { $0.baseAddress }
        self.buffers.giveBack(&first)
        #expect(first.isEmpty)
        var second = self.buffers.take(ofAtMost: 4_096)
        #expect(second.isEmpty)
        second.append(2)
        #expect(second.withUnsafeBufferPointer { $0.baseAddress } == room)
        #expect(self.buffers.take(ofAtMost: 4_096).capacity == 0, "there is one")
    }

    @Test("a caller that has sent little is not given much room")
    func backed() {
        var body = self.body(30_000)
        self.buffers.giveBack(&body)
        #expect(self.buffers.take(ofAtMost: 16).capacity == 0)
        #expect(self.buffers.take(ofAtMost: 64_000).capacity >= 30_000)
    }

    @Test("the room of an unusually large body is not kept")
    func large() {
        var body = self.body(1_000_000)
        self.buffers.giveBack(&body)
        #expect(body.capacity == 0)
        #expect(self.buffers.take(ofAtMost: .max).capacity == 0)
    }
}
