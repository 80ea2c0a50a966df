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

    /// Why the gateway is ready or not, in a few words.
    var reason: String {
        if self.isDraining { return "draining: the gateway is stopping" }
        return self.isStarted ? "ready" : "starting"
    }

    /// Everything that readiness depends on, a line each, in the format of Kubernetes: `[+]` is good, `[-]` is not.
    var verboseReason: String {
        """
        \(self.isStarted ? "[+] listening" : "[-] listening: the listeners are being opened")
        \(self.isDraining ? "[-] staying: the gateway is stopping" : "[+] staying")
        \(self.reason)
        """
    }
}
