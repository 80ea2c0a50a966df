import GatewayTLS
import Synchronization

/// The TLS context that new connections get; a reload puts another in its place. Any thread.
final class ListenerCertificate: Sendable {
    private let state: Mutex<TLSContext>

    init(_ context: TLSContext) {
        self.state = Mutex(context)
    }

    var current: TLSContext {
        get { self.state.withLock { $0 } }
        set { self.state.withLock { $0 = newValue } }
    }
}
