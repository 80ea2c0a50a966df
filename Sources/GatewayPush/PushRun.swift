import NIOCore
import NIOPosix

/// A push from its first line to its end, on threads of its own: what the command line calls.
package struct PushRun: Sendable {
    package var options: Push.Options
    /// Where the state is kept each second; nil where it is not.
    package var statePath: String?
    package var state: PushState?
    package var failedPath: String?
    /// Whether it goes on where an earlier one was.
    package var isResumed: Bool
    package var report: Report

    /// What is told while it goes on. Called on the event loop.
    package struct Report: Sendable {
        /// Once a second.
        package var progress: @Sendable (PushProgress) -> Void
        /// A line that was not done: the gateway's result for it.
        package var failure: @Sendable ([UInt8]) -> Void

        package init(
            progress: @escaping @Sendable (PushProgress) -> Void, failure: @escaping @Sendable ([UInt8]) -> Void
        ) {
            self.progress = progress
            self.failure = failure
        }
    }

    /// How it ended.
    package struct Ending: Sendable {
        package let progress: PushProgress
        /// Everything in the source has its result.
        package let isComplete: Bool
        /// Why it went on no further, where it did not come to the end.
        package let obstacle: String?
        /// The obstacle is in the source, and all that stands before it has been pushed.
        package let isUnreadable: Bool
        /// A line has been sent, by this push or by an earlier one that it goes on with.
        package let hasBegun: Bool
        /// Lines that an earlier push, which this one goes on with, found refused.
        package let refusedBefore: Int
        /// What could not be kept: the state, or failed lines.
        package let notKept: String?
    }

    package init(
        options: Push.Options, statePath: String?, state: PushState?, failedPath: String?, isResumed: Bool,
        report: Report
    ) {
        self.options = options
        self.statePath = statePath
        self.state = state
        self.failedPath = failedPath
        self.isResumed = isResumed
        self.report = report
    }

    /// Runs it to its end.
    ///
    /// - Parameter onStart: gets what stops it: call it from any thread.
    package func run(
        _ source: PushSource, onStart: (@escaping @Sendable () -> Void) -> Void
    ) async throws -> Ending {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let reading = NIOThreadPool(numberOfThreads: 1)
        reading.start()
        let eventLoop = group.next()
        let ending = eventLoop.makePromise(of: Ending.self)
        let stop = eventLoop.makePromise(of: Void.self)
        let run = self
        eventLoop.execute {
            let failed: FailedLines?
            do throws(PushReadingError) {
                failed = try run.failedLines()
            } catch {
                ending.fail(error)
                return
            }
            let watched = WatchedPush(run, source: source, failed: failed, eventLoop, reading, ending)
            let bound = NIOLoopBound(watched, eventLoop: eventLoop)
            stop.futureResult.whenSuccess { bound.value.push.stop() }
            watched.start()
        }
        onStart { stop.succeed() }
        let result: Result<Ending, any Error>
        do { result = .success(try await ending.futureResult.get()) } catch { result = .failure(error) }
        stop.succeed()
        // A read that waits for standard input ends with the process.
        try? await group.shutdownGracefully()
        return try result.get()
    }

    private func failedLines() throws(PushReadingError) -> FailedLines? {
        guard let path = self.failedPath else { return nil }
        return try FailedLines(path: path, keeps: self.isResumed)
    }
}

/// A push with its clock: tells of its progress and keeps its state once a second. Confined to its event loop.
private final class WatchedPush {
    let push: Push
    private let run: PushRun
    private let failed: FailedLines?
    private let eventLoop: any EventLoop
    private let startedAt = NIODeadline.now()
    private let doneBefore: Int
    private let refusedBefore: Int
    private var state: PushState?
    private var notKept: String?
    private var clock: RepeatedTask?
    /// Lines at the last ticks, for the rate.
    private var counts: [Int] = [0]
    private var kept: PushState?

    /// As many seconds as the rate is taken over.
    private static let rateSeconds = 5

    init(
        _ run: PushRun, source: PushSource, failed: FailedLines?, _ eventLoop: any EventLoop,
        _ reading: NIOThreadPool, _ ending: EventLoopPromise<PushRun.Ending>
    ) {
        self.run = run
        self.failed = failed
        self.eventLoop = eventLoop
        self.state = run.state
        self.doneBefore = run.state?.done ?? 0
        self.refusedBefore = run.state?.refused ?? 0
        let completion = eventLoop.makePromise(of: Void.self)
        self.push = Push(
            run.options, source: source, settled: run.state?.settled ?? LineRanges(),
            wasBegun: run.state?.hasBegun ?? false, tally: PushTally(), failed: failed, eventLoop: eventLoop,
            reading: reading, completion: completion, onFailure: run.report.failure)
        self.push.onBegin = { [weak self] in self?.keep() }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        completion.futureResult.whenSuccess { ending.succeed(bound.value.end()) }
    }

    func start() {
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.clock = self.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            bound.value.tick()
        }
        self.push.start()
    }

    private func tick() {
        self.counts.append(self.push.tally.all)
        if self.counts.count > Self.rateSeconds + 1 { self.counts.removeFirst() }
        self.keep()
        self.run.report.progress(self.progress)
    }

    private var seconds: Double { Double((NIODeadline.now() - self.startedAt).nanoseconds) / 1e9 }

    private var progress: PushProgress {
        let lines = self.push.tally.all - (self.counts.first ?? 0)
        let linesLeft =
            self.push.isStopping
            ? self.push.linesUnderWay
            : PushProgress.linesLeft(
                lines: self.push.linesRead, bytesRead: self.push.bytesRead, bytesTotal: self.push.bytesTotal,
                settled: self.push.tally.all + self.doneBefore + self.refusedBefore)
        return PushProgress(
            tally: self.push.tally, linesLeft: linesLeft,
            bytesRead: max(0, self.push.bytesRead - self.push.bytesWaiting), bytesTotal: self.push.bytesTotal,
            seconds: self.seconds, rate: Double(lines) / Double(max(1, self.counts.count - 1)),
            waiting: self.push.waiting.map {
                PushProgress.Waiting(target: $0.target, code: $0.code, seconds: $0.seconds)
            },
            gatewayFailure: self.push.gatewayFailure, isStopping: self.push.isStopping)
    }

    private func keep() {
        self.failed?.write()
        if self.notKept == nil { self.notKept = self.failed?.failure }
        guard let path = self.run.statePath, var state = self.state else { return }
        state.settled = self.push.settled
        state.hasBegun = self.push.hasBegun
        state.done = self.doneBefore + self.push.tally.done
        state.refused = self.refusedBefore + self.push.tally.refused
        guard state != self.kept else { return }
        if let reason = state.keep(at: path) {
            if self.notKept == nil { self.notKept = "\(path): \(reason)" }
        } else {
            self.kept = state
        }
    }

    private func end() -> PushRun.Ending {
        self.clock?.cancel()
        self.keep()
        var progress = self.progress
        progress.rate = progress.seconds > 0 ? Double(progress.tally.all) / progress.seconds : 0
        return PushRun.Ending(
            progress: progress, isComplete: self.push.isComplete, obstacle: self.push.obstacle,
            isUnreadable: self.push.isUnreadable, hasBegun: self.push.hasBegun, refusedBefore: self.refusedBefore,
            notKept: self.notKept)
    }
}
