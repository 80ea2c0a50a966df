import Dispatch
import GatewayThreads
import Synchronization

/// Keeps records in an SQLite file: what it has answered outlives the process, a kill, and the loss of power.
///
/// One thread of its own writes; what comes while it does, or within 2 ms, is committed together. A step is answered
/// when it is on the disk. One gateway at a time has the file, by a lock beside it; a second one refuses keys until the
/// first has ended. Any thread.
package final class FileStore: KeyStore {
    private enum Step: Sendable {
        case claim(KeyClaim, @Sendable (ClaimResult) -> Void)
        case advance(RecordName, owner: UInt64, target: String, @Sendable (WriteResult) -> Void)
        case settle(
            RecordName, owner: UInt64, target: String, TargetOutcome, isLast: Bool, @Sendable (WriteResult) -> Void)
        case lookUp(RecordName, @Sendable (LookUpResult) -> Void)

        func fail(_ failure: StoreFailure) {
            switch self {
            case .claim(_, let reply): reply(.failed(failure))
            case .advance(_, _, _, let reply), .settle(_, _, _, _, _, let reply): reply(.failed(failure))
            case .lookUp(_, let reply): reply(.failed(failure))
            }
        }
    }

    private struct Entry: Sendable {
        let step: Step
        let time: StoreTime
    }

    private struct State {
        var queue: [Entry] = []
        var failure: StoreFailure? = .unavailable(reason: "it is being opened")
        var isClosing = false
        var hasThread = false
    }

    /// Steps that wait at most: a second's worth of a fast disk.
    private static let queueMax = 10_000
    /// What comes so soon after the first of a batch is committed with it.
    private static let batchNanoseconds: UInt64 = 2_000_000
    /// Expired records that a batch clears away at most, for each of its steps.
    private static let clearedPerStep = 2
    /// A file that cannot be opened is tried again so often: a second gateway waits for the first one's end like this.
    private static let retryMilliseconds = 250

    private let path: String
    private let bytesPerCaller: Int
    private let report: @Sendable (StoreFailure?) -> Void
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    /// Opens the file on the store's own thread; until that is done, keys are refused.
    ///
    /// - Parameter report: told, on that thread, of a failure that begins, and with nil when it is over.
    package init(path: String, bytesPerCaller: Int, report: @escaping @Sendable (StoreFailure?) -> Void) {
        self.path = path
        self.bytesPerCaller = bytesPerCaller
        self.report = report
        self.startThread()
    }

    package var failure: StoreFailure? { self.state.withLock { $0.failure } }

    package func claim(
        _ claim: KeyClaim, at time: StoreTime, reply: () -> @Sendable (ClaimResult) -> Void
    ) -> ClaimResult? {
        self.add(at: time) { .claim(claim, reply()) }.map(ClaimResult.failed)
    }

    package func advance(
        _ name: RecordName, owner: UInt64, target: String, at time: StoreTime,
        reply: () -> @Sendable (WriteResult) -> Void
    ) -> WriteResult? {
        self.add(at: time) { .advance(name, owner: owner, target: target, reply()) }.map(WriteResult.failed)
    }

    package func settle(
        _ name: RecordName, owner: UInt64, target: String, _ outcome: TargetOutcome, isLast: Bool, at time: StoreTime,
        reply: () -> @Sendable (WriteResult) -> Void
    ) -> WriteResult? {
        self.add(at: time) {
            .settle(name, owner: owner, target: target, outcome, isLast: isLast, reply())
        }.map(WriteResult.failed)
    }

    package func lookUp(
        _ name: RecordName, at time: StoreTime, reply: () -> @Sendable (LookUpResult) -> Void
    ) -> LookUpResult? {
        self.add(at: time) { .lookUp(name, reply()) }.map(LookUpResult.failed)
    }

    /// Blocks until everything is written that was accepted, for a few seconds at most.
    package func close() {
        guard
            self.state.withLock({ state in
                state.isClosing = true
                return state.hasThread
            })
        else { return }
        self.wake.signal()
        _ = self.ended.wait(timeout: .now() + .seconds(5))
    }

    /// - Returns: why the step is not taken; nil where it waits its turn.
    private func add(at time: StoreTime, _ step: () -> Step) -> StoreFailure? {
        let (failure, mustWake) = self.state.withLock { state -> (StoreFailure?, Bool) in
            if let failure = state.failure { return (failure, false) }
            guard !state.isClosing else { return (.unavailable(reason: "the gateway is stopping"), false) }
            guard state.queue.count < Self.queueMax else {
                return (.unavailable(reason: "too many steps wait for the disk"), false)
            }
            state.queue.append(Entry(step: step(), time: time))
            return (nil, state.queue.count == 1)
        }
        if mustWake { self.wake.signal() }
        return failure
    }

    // MARK: The thread

    /// The thread holds the store, and lives until it is closed.
    private func startThread() {
        self.state.withLock { $0.hasThread = true }
        let failure = DetachedThread.start {
            self.run()
            self.ended.signal()
        }
        guard failure != nil else { return }
        self.state.withLock { state in
            state.hasThread = false
            state.failure = .unavailable(reason: "no thread could be started for it")
        }
    }

    private func run() {
        while !self.state.withLock({ $0.isClosing }) {
            guard let (file, lock) = self.open() else {
                _ = self.wake.wait(timeout: .now() + .milliseconds(Self.retryMilliseconds))
                continue
            }
            self.set(nil)
            self.serve(file)
            withExtendedLifetime(lock) {}
        }
    }

    private func open() -> (RecordFile, FileLock)? {
        do throws(StoreFailure) {
            let lock = try FileLock(path: self.path + "-lock")
            do throws(SQLiteError) {
                return (try RecordFile(path: self.path, bytesPerCaller: self.bytesPerCaller), lock)
            } catch {
                throw error.failure
            }
        } catch {
            self.set(error)
            return nil
        }
    }

    /// Writes batch after batch, until the store is closed or the file fails in a way that another try may mend.
    private func serve(_ file: RecordFile) {
        while true {
            self.wake.wait()
            while let batch = self.take() {
                guard self.write(batch, to: file) else { return }
            }
            if self.state.withLock({ $0.isClosing && $0.queue.isEmpty }) { return }
        }
    }

    private func take() -> [Entry]? {
        self.state.withLock { state in
            guard !state.queue.isEmpty else { return nil }
            defer { state.queue = [] }
            return state.queue
        }
    }

    /// - Returns: whether the file may be used further.
    private func write(_ entries: [Entry], to file: RecordFile) -> Bool {
        var batch = entries
        var replies: [() -> Void] = []
        do throws(SQLiteError) {
            try file.begin()
            let endsAt = DispatchTime.now().uptimeNanoseconds &+ Self.batchNanoseconds
            var next = 0
            while next < batch.count {
                replies.append(try Self.take(batch[next], to: file))
                next += 1
                if next == batch.count, DispatchTime.now().uptimeNanoseconds < endsAt, let more = self.take() {
                    batch += more
                }
            }
            if let time = batch.last?.time { try file.clear(at: time, countMax: Self.clearedPerStep * batch.count) }
            try file.commit()
        } catch {
            file.rollBack()
            for entry in batch { entry.step.fail(error.failure) }
            // A full disk may have room for the next one; anything else is looked at anew.
            if !error.isFull { self.fail(error.failure) }
            return error.isFull
        }
        for reply in replies { reply() }
        return true
    }

    /// Takes one step within the transaction; the result is what tells of it when that is committed.
    private static func take(_ entry: Entry, to file: RecordFile) throws(SQLiteError) -> () -> Void {
        let time = entry.time
        switch entry.step {
        case .claim(let claim, let reply):
            let result = try file.claim(claim, at: time)
            return { reply(result) }
        case .advance(let name, let owner, let target, let reply):
            let result = try file.change(name) { $0.advance(owner: owner, target: target, at: time) }
            return { reply(result) }
        case .settle(let name, let owner, let target, let outcome, let isLast, let reply):
            let result = try file.change(name) {
                $0.settle(owner: owner, target: target, outcome, isLast: isLast)
            }
            return { reply(result) }
        case .lookUp(let name, let reply):
            let result = try file.lookUp(name, at: time)
            return { reply(result) }
        }
    }

    private func fail(_ failure: StoreFailure) {
        self.set(failure)
        for entry in self.take() ?? [] { entry.step.fail(failure) }
    }

    private func set(_ failure: StoreFailure?) {
        let isNews = self.state.withLock { state in
            defer { state.failure = failure }
            return state.failure != failure
        }
        if isNews { self.report(failure) }
    }
}
