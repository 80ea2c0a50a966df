import Dispatch
import Glibc

/// SIGTERM and SIGINT, as something to wait for. The first asks for a graceful end; the second takes effect at once.
///
/// Immutable once made: the sources are only kept alive.
final class StopSignals: @unchecked Sendable {
    private let names: AsyncStream<String>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (names, continuation) = AsyncStream.makeStream(of: String.self)
        self.names = names
        self.sources = [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT")].map { number, name in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler {
                continuation.yield(name)
                // From now on the system's own way of handling it: the process ends.
                signal(number, SIG_DFL)
            }
            source.resume()
            return source
        }
    }

    /// The name of the first signal.
    func first() async -> String {
        for await name in self.names { return name }
        return "none"
    }
}
