import GatewayPush
import Glibc
import Synchronization

/// Tells people, or a program, how far a push is.
///
/// Told on the push's event loop and, of a signal, on another thread: one at a time.
final class PushReporter: Sendable {
    private struct Told {
        let line: TerminalLine
        /// Failures that have been shown.
        var failures = 0
        var ticks = 0
    }

    private let file: String
    private let failed: String?
    private let isJSON: Bool
    private let told: Mutex<Told>

    /// Enough to see what the failures have in common.
    private static let failuresShown = 5
    /// Where there is no terminal.
    private static let secondsBetweenLines = 10

    /// - Parameter failed: where lines are kept that were not done; nil for nowhere.
    init(file: String, failed: String?, isJSON: Bool, environment: [String: String]) {
        self.file = file
        self.failed = failed
        self.isJSON = isJSON
        self.told = Mutex(Told(line: TerminalLine(descriptor: STDERR_FILENO, environment: environment)))
    }

    var report: PushRun.Report {
        PushRun.Report(
            progress: { [self] progress in self.progress(progress) },
            failure: { [self] problem in self.failure(problem) })
    }

    private func progress(_ progress: PushProgress) {
        guard !self.isJSON else {
            Terminal.output(PushDisplay.json(progress))
            return
        }
        self.told.withLock { told in
            told.ticks += 1
            guard told.line.isTerminal || told.ticks % Self.secondsBetweenLines == 0 else { return }
            told.line.show(PushDisplay.line(progress, takesColour: told.line.takesColour))
        }
    }

    private func failure(_ problem: [UInt8]) {
        guard !self.isJSON else {
            Terminal.output(String(decoding: problem, as: UTF8.self))
            return
        }
        self.told.withLock { told in
            guard told.failures < Self.failuresShown else { return }
            told.failures += 1
            told.line.say(PushFailure.sentence(problem))
            if told.failures == Self.failuresShown {
                told.line.say("(further failures are counted; --failed FILE keeps them, --json shows them)")
            }
        }
    }

    /// The first Ctrl-C.
    func stopping() {
        guard !self.isJSON else { return }
        self.told.withLock { $0.line.say("waiting for what is under way; Ctrl-C again ends at once") }
    }

    /// Takes away what is shown, because something else is to be told.
    func withdraw() { self.told.withLock { $0.line.clear() } }

    /// - Parameter resumeCommand: what goes on; nil where nothing does.
    func ended(_ ending: PushRun.Ending, resumeCommand: String?) {
        if self.isJSON {
            Terminal.output(PushDisplay.json(ending.progress, isComplete: ending.isComplete))
        }
        self.told.withLock { told in
            told.line.clear()
            if !self.isJSON {
                let seconds = PushDisplay.duration(Int(ending.progress.seconds.rounded()))
                told.line.say("\(PushDisplay.line(ending.progress.atEnd)) · \(seconds)")
            }
            if let obstacle = ending.obstacle { told.line.say("product-gateway: \(self.file): \(obstacle)") }
            if ending.isUnreadable {
                told.line.say("The lines before it are through: correct it, and push the rest as a file of its own.")
            }
            if ending.refusedBefore > 0 {
                let count = PushDisplay.grouped(ending.refusedBefore)
                told.line.say("\(count) refused before, by the push that this one went on with")
            }
            if ending.progress.tally.unknown > 0 {
                let kept = self.failed.map { "they are in \($0).unknown" } ?? "--failed FILE keeps them"
                told.line.say("What is unknown may have been done: look for it at the vendor (\(kept)).")
            }
            if let notKept = ending.notKept { told.line.say("product-gateway: \(notKept)") }
            if let resumeCommand { told.line.say("To go on: \(resumeCommand)") }
        }
    }
}

extension PushProgress {
    /// Without what only makes sense on the way.
    fileprivate var atEnd: PushProgress {
        var progress = self
        progress.waiting = []
        progress.gatewayFailure = nil
        progress.linesLeft = nil
        progress.isStopping = false
        return progress
    }
}
