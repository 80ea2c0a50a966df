import Synchronization

/// Whether the gateway should be given callers. Any thread.
final class Readiness: Sendable {
    private let started = Atomic<Bool>(false)
    private let draining = Atomic<Bool>(false)

    var isStarted: Bool {
        get { self.started.load(ordering: .acquiring) }
        set { self.started.store(newValue, ordering: .releasing) }
    }

    var isDraining: Bool {
        get { self.draining.load(ordering: .acquiring) }
        set { self.draining.store(newValue, ordering: .releasing) }
    }

    var isReady: Bool { self.isStarted && !self.isDraining }

    /// In a few words, for whoever asks why.
    var reason: String {
        if self.isDraining { return "draining: the gateway is stopping" }
        return self.isStarted ? "ready" : "starting"
    }
}
