import GatewayJSON

/// A list of trivial values that never changes after it was made, readable without bounds checks or reference
/// counting from any thread.
///
/// Behind the last value `padding` zero bytes can be read, so that a short run of bytes can be copied in one go.
///
/// Indexes come from the plan that owns the buffer, never from a peer; debug builds check them.
final class FrozenBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
    // Unchecked: written only in `init`, before anybody else can see it.
    let base: UnsafePointer<Element>
    let count: Int
    static var padding: Int { JSONOutput.blockSize }
    private let storage: UnsafeMutablePointer<Element>

    init(_ elements: [Element]) {
        let capacity = elements.count + (Self.padding + MemoryLayout<Element>.stride - 1) / MemoryLayout<Element>.stride
        self.storage = .allocate(capacity: capacity)
        UnsafeMutableRawPointer(self.storage).initializeMemory(
            as: UInt8.self, repeating: 0, count: capacity * MemoryLayout<Element>.stride)
        self.count = elements.count
        for (index, element) in elements.enumerated() { (self.storage + index).initialize(to: element) }
        self.base = UnsafePointer(self.storage)
    }

    deinit { self.storage.deallocate() }

    @inline(__always)
    subscript(index: Int) -> Element {
        assert(index >= 0 && index < self.count)
        return self.base[index]
    }
}
