import Synchronization
import Testing

@testable import GatewayProxy

@Suite("File descriptors that are kept for vendors")
struct CallerDescriptorsTests {
    private static func taken(limit: Int, own: Int, vendors: Int) -> Int {
        let descriptors = CallerDescriptors(limit: { limit })
        descriptors.measured(open: own)
        descriptors.keep(vendors: vendors, operators: 10)
        var taken = 0
        while descriptors.hasRoom, taken < 10_000 {
            descriptors.opened()
            taken += 1
        }
        return taken
    }

    @Test("callers get what is left when the process, vendors, operators and files have theirs")
    func plenty() { #expect(Self.taken(limit: 1_000, own: 20, vendors: 200) == 1_000 - 20 - 200 - 10 - 16) }

    @Test("vendors never keep more than half, and one caller always gets in")
    func scarce() {
        #expect(Self.taken(limit: 100, own: 20, vendors: 5_000) == 40)
        #expect(Self.taken(limit: 20, own: 20, vendors: 5_000) == 1)
    }

    @Test("the limit is read each time, and callers that were there at the start are not the process's own")
    func moving() {
        let limit = Atomic(40)
        let descriptors = CallerDescriptors(limit: { limit.load(ordering: .relaxed) })
        for _ in 0..<5 { descriptors.opened() }
        descriptors.measured(open: 25)
        descriptors.keep(vendors: 100, operators: 10)
        // 20 are free of its own, 10 of them for callers.
        for _ in 0..<5 {
            #expect(descriptors.hasRoom)
            descriptors.opened()
        }
        #expect(!descriptors.hasRoom)
        limit.store(60, ordering: .relaxed)
        #expect(descriptors.hasRoom)
        limit.store(40, ordering: .relaxed)
        descriptors.closed()
        #expect(descriptors.hasRoom)
    }
}
