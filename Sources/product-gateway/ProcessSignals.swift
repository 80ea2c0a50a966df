import Dispatch
import Glibc

/// The signals that mean something to us, as a sequence of what is asked for.
///
/// The first SIGTERM or SIGINT asks for a graceful end; a second one takes effect at once, in the system's way.
/// Immutable once made: the sources are only kept alive.
final class ProcessSignals: @unchecked Sendable {
    enum Request: Sendable, Equatable {
        case stop(signal: String)
        /// Read everything again: on SIGHUP, or because these files have changed.
        case reload(changed: [String])
    }

    let requests: AsyncStream<Request>
    private let continuation: AsyncStream<Request>.Continuation
    private let sources: [any DispatchSourceSignal]

    /// The system takes microseconds to watch for a signal; on a machine that busy somebody will ask again.
    private static let patience = DispatchTimeInterval.seconds(5)

    /// Returns when the signals are watched for: one that came before would be lost.
    init() {
        let (requests, continuation) = AsyncStream.makeStream(
            of: Request.self, bufferingPolicy: .bufferingNewest(16))
        self.requests = requests
        self.continuation = continuation
        let meanings: [(Int32, Request)] = [
            (SIGTERM, .stop(signal: "SIGTERM")), (SIGINT, .stop(signal: "SIGINT")),
            (SIGHUP, .reload(changed: [])),
        ]
        let watched = DispatchGroup()
        self.sources = meanings.map { number, request in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler {
                continuation.yield(request)
                if case .stop = request { signal(number, SIG_DFL) }
            }
            watched.enter()
            source.setRegistrationHandler { watched.leave() }
            source.resume()
            return source
        }
        _ = watched.wait(timeout: .now() + Self.patience)
    }

    /// Asks as a signal would.
    func ask(_ request: Request) {
        self.continuation.yield(request)
    }

    /// Waits for the first request to stop; others mean nothing to the one who waits.
    func stopRequested() async {
        for await request in self.requests {
            if case .stop = request { return }
        }
    }
}
