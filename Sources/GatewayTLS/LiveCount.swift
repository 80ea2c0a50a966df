import Synchronization

/// Counts the live objects of one kind, from any thread.
final class LiveCount: Sendable {
    private let value = Atomic<Int>(0)

    func add(_ difference: Int) {
        self.value.wrappingAdd(difference, ordering: .relaxed)
    }

    func load() -> Int {
        self.value.load(ordering: .relaxed)
    }
}
