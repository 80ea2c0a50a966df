/// What one owner has taken: it says what it has, the count moves by the difference, and ends with the owner.
struct MemoryShare: ~Copyable {
    private let memory: LoopMemory
    private(set) var bytes = 0

    init(of memory: LoopMemory) {
        self.memory = memory
    }

    deinit {
        if self.bytes != 0 { self.memory.add(-self.bytes) }
    }

    @inline(__always)
    mutating func set(_ bytes: Int) {
        guard bytes != self.bytes else { return }
        self.memory.add(bytes - self.bytes)
        self.bytes = bytes
    }
}
