/// A list of trivial values that never changes after it was made, readable without bounds checks or reference
/// counting from any thread.
///
/// Indexes come from the plan that owns the buffer, never from a peer; debug builds check them.
final class FrozenBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
    // Unchecked: written only in `init`, before anybody else can see it.
    let base: UnsafePointer<Element>
    let count: Int
    private let storage: UnsafeMutablePointer<Element>

    init(_ elements: [Element]) {
        self.storage = .allocate(capacity: max(1, elements.count))
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
