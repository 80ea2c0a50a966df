import Dispatch
import Glibc
import Synchronization

/// Watches for the signals that mean something to a command that serves.
///
/// The first SIGTERM or SIGINT asks for a graceful stop; the next of either ends the process at once. SIGHUP asks for a
/// reload. Signals of one kind that come faster than they are told are one. The closures are called on a queue of their
/// own, so that nothing else in the process holds them up; they must not block. Watches until it is released.
final class ProcessSignals: @unchecked Sendable {
    // Immutable once made, and only kept alive.
    private let sources: [any DispatchSourceSignal]

    /// The system takes microseconds to watch for a signal; on a machine that busy somebody will ask again.
    private static let patience = DispatchTimeInterval.seconds(5)

    /// Returns when the signals are watched for.
    ///
    /// - Parameter onStop: told once, with the signal's name.
    init(onHangup: @escaping @Sendable () -> Void, onStop: @escaping @Sendable (_ signal: String) -> Void) {
        let queue = DispatchQueue(label: "product-gateway.signals")
        let watched = DispatchGroup()
        // A hangup must not end the process while nobody watches yet. The others may: nothing has been started.
        signal(SIGHUP, SIG_IGN)
        let isStopping = Atomic(false)
        func watch(_ number: Int32, _ handler: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler(handler: handler)
            watched.enter()
            source.setRegistrationHandler { watched.leave() }
            source.resume()
            return source
        }
        let stop: @Sendable (Int32, String) -> Void = { number, name in
            guard !isStopping.exchange(true, ordering: .relaxed) else { Self.end(by: number) }
            onStop(name)
        }
        self.sources = [
            watch(SIGTERM) { stop(SIGTERM, "SIGTERM") },
            watch(SIGINT) { stop(SIGINT, "SIGINT") },
            watch(SIGHUP, onHangup),
        ]
        _ = watched.wait(timeout: .now() + Self.patience)
    }

    /// Ends the process as the signal does where nobody watches for it.
    private static func end(by number: Int32) -> Never {
        signal(number, SIG_DFL)
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, number)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        raise(number)
        // No signal of its own ends the first process of a container. This is what a shell would say of it.
        _exit(128 + number)
    }
}
