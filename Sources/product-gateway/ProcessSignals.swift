import Dispatch
import Glibc

/// The signals that mean something to us, as a sequence of what is asked for.
///
/// The first SIGTERM or SIGINT asks for a graceful end; a second one takes effect at once, in the system's way. Immutable
/// once made: the sources are only kept alive.
final class ProcessSignals: @unchecked Sendable {
    enum Request: Sendable, Equatable {
        case stop(signal: String)
        /// SIGHUP: read everything again.
        case reload
    }

    let requests: AsyncStream<Request>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (requests, continuation) = AsyncStream.makeStream(
            of: Request.self, bufferingPolicy: .bufferingNewest(16))
        self.requests = requests
        let meanings: [(Int32, Request)] = [
            (SIGTERM, .stop(signal: "SIGTERM")), (SIGINT, .stop(signal: "SIGINT")),
            (SIGHUP, .reload),
        ]
        self.sources = meanings.map { number, request in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler {
                continuation.yield(request)
                if request != .reload { signal(number, SIG_DFL) }
            }
            source.resume()
            return source
        }
    }

    /// Waits for the first request to stop; others mean nothing to the one who waits.
    func stopRequested() async {
        for await request in self.requests {
            if case .stop = request { return }
        }
    }
}
