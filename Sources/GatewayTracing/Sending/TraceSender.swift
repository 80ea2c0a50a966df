package import Dispatch
import GatewayThreads
import Glibc
import Synchronization

/// Sends the spans of all workers to a collector, on a thread of its own: nobody waits for it, and it never waits for
/// them. What it cannot send is dropped and counted. Any thread.
package final class TraceSender: Sendable {
    /// What has become of spans since the start.
    package struct Counts: Sendable, Equatable {
        package var sent = 0
        /// By the collector, which takes the rest (`partial_success`) or nothing.
        package var rejected = 0
        /// The collector could not be reached, or not in time.
        package var failed = 0
        /// They found no room.
        package var dropped = 0
    }

    private struct State {
        var buffers: [SpanBuffer] = []
        var counts = Counts()
        var isFinishing = false
        var toldAt: ContinuousClock.Instant?
    }

    /// OpenTelemetry's defaults for a batch processor are 5 s and 512 spans; a second is what a person waits for.
    private static let interval = DispatchTimeInterval.seconds(1)
    private static let batchMax = 512
    /// For one request, as OTLP's exporters have it.
    private static let requestTime: Duration = .seconds(10)
    private static let attemptsMax = 5
    private static let pauseMax = 30
    /// One log line in this time says that spans are lost.
    private static let quietTime: Duration = .seconds(60)

    private let endpoint: TraceEndpoint
    private let version: String
    private let tell: @Sendable (String) -> Void
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameter tell: told now and then, in a few words, why spans are lost.
    package init(_ endpoint: TraceEndpoint, version: String, tell: @escaping @Sendable (String) -> Void) {
        self.endpoint = endpoint
        self.version = version
        self.tell = tell
    }

    /// A buffer for one more worker.
    package func makeBuffer() -> SpanBuffer {
        let buffer = SpanBuffer()
        self.state.withLock { $0.buffers.append(buffer) }
        return buffer
    }

    package var counts: Counts {
        self.state.withLock { state in
            var counts = state.counts
            counts.dropped = state.buffers.reduce(0) { $0 + $1.dropped }
            return counts
        }
    }

    /// The thread holds the sender, and lives until it is finished.
    package func start() {
        let failure = DetachedThread.start {
            self.run()
            self.ended.signal()
        }
        guard let failure else { return }
        self.ended.signal()
        self.tell("there is no thread for it: \(String(cString: strerror(failure)))")
    }

    /// Sends what waits, once, and ends. Blocks for so long at most.
    package func finish(within time: DispatchTimeInterval) {
        self.state.withLock { $0.isFinishing = true }
        self.wake.signal()
        _ = self.ended.wait(timeout: .now() + time)
    }

    private func run() {
        while true {
            _ = self.wake.wait(timeout: .now() + Self.interval)
            let (buffers, isLast) = self.state.withLock { ($0.buffers, $0.isFinishing) }
            for buffer in buffers {
                while case let spans = buffer.take(Self.batchMax), !spans.isEmpty { self.send(spans) }
            }
            if isLast { return }
        }
    }

    private func send(_ spans: [SpanRecord]) {
        let request = self.endpoint.request(spans, version: self.version)
        var reason = ""
        for attempt in 1...Self.attemptsMax {
            var pause = 1 << (attempt - 1)
            do throws(TraceConnection.Failure) {
                let answer = try TraceConnection.exchange(request, with: self.endpoint, within: Self.requestTime)
                switch answer.verdict {
                case .taken(let rejected):
                    let refused = min(max(rejected, 0), spans.count)
                    self.count {
                        $0.sent += spans.count - refused
                        $0.rejected += refused
                    }
                    if refused > 0 { self.lost(refused, "the collector did not take them") }
                    return
                case .refused:
                    self.count { $0.rejected += spans.count }
                    self.lost(spans.count, "the collector answered \(answer.status)")
                    return
                case .again(let seconds):
                    reason = "the collector answered \(answer.status)"
                    pause = max(seconds ?? pause, 0)
                }
            } catch {
                reason = "\(error)"
            }
            guard attempt < Self.attemptsMax, self.rests(min(pause, Self.pauseMax)) else { break }
        }
        self.count { $0.failed += spans.count }
        self.lost(spans.count, reason)
    }

    /// Waits before a further attempt. False where the end is near: then there is none.
    private func rests(_ seconds: Int) -> Bool {
        let isFinishing = self.state.withLock { $0.isFinishing }
        guard !isFinishing else { return false }
        // Only the end wakes it.
        return self.wake.wait(timeout: .now() + .seconds(seconds)) == .timedOut
    }

    private func count(_ change: (inout Counts) -> Void) {
        self.state.withLock { change(&$0.counts) }
    }

    private func lost(_ spans: Int, _ reason: String) {
        let isTold = self.state.withLock { state in
            if let toldAt = state.toldAt, ContinuousClock.now - toldAt < Self.quietTime { return false }
            state.toldAt = .now
            return true
        }
        if isTold { self.tell("\(spans) spans: \(reason)") }
    }
}
