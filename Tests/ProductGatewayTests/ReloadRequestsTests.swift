import Synchronization
import Testing

@testable import product_gateway

@Suite("Asking for a reload")
struct ReloadRequestsTests {
    /// A reload that takes as long as the test wants, and what it was asked for.
    private final class Reload: Sendable {
        private let causes = Mutex<[ReloadCause]>([])
        private let begun = AsyncStream.makeStream(of: Void.self)
        private let allowed = AsyncStream.makeStream(of: Void.self)

        var all: [ReloadCause] { self.causes.withLock { $0 } }

        func callAsFunction(_ cause: ReloadCause) async {
            self.causes.withLock { $0.append(cause) }
            self.begun.continuation.yield()
            for await _ in self.allowed.stream { return }
        }

        func finish() { self.allowed.continuation.yield() }
        func waitUntilOneHasBegun() async { for await _ in self.begun.stream { return } }
    }

    @Test("however many ask, one is under way and one waits")
    func coalescing() async {
        let requests = ReloadRequests()
        let reload = Reload()
        let serving = Task { await requests.serve { await reload($0) } }
        requests.ask(.asked)
        await reload.waitUntilOneHasBegun()
        for _ in 0..<90 { requests.ask(.asked) }
        reload.finish()
        await reload.waitUntilOneHasBegun()
        #expect(reload.all == [.asked, .asked])
        // Nothing waits any more: what is asked for now is the next.
        requests.ask(.changed(["a"]))
        reload.finish()
        await reload.waitUntilOneHasBegun()
        #expect(reload.all == [.asked, .asked, .changed(["a"])])
        reload.finish()
        serving.cancel()
        await serving.value
        #expect(reload.all.count == 3)
    }

    @Test("the one that waits has every cause, each file once")
    func causes() async {
        let requests = ReloadRequests()
        let reload = Reload()
        requests.ask(.changed(["a", "b"]))
        requests.ask(.asked)
        requests.ask(.changed(["c", "a"]))
        let serving = Task { await requests.serve { await reload($0) } }
        await reload.waitUntilOneHasBegun()
        #expect(reload.all == [ReloadCause(isAsked: true, files: ["a", "b", "c"])])
        reload.finish()
        serving.cancel()
        await serving.value
    }

    @Test("what hangs while it reads holds up no other task")
    func hanging() async {
        let files = FileReadingExecutor()
        let gate = Gate()
        let reading = Task(executorPreference: files) { gate.wait() }
        // As many as there are threads for tasks, and more: each comes to its end.
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<64 { tasks.addTask { await Task.yield() } }
        }
        gate.open()
        await reading.value
    }

    /// Blocks a thread, as a file system does whose server is gone.
    private final class Gate: Sendable {
        private let isOpen = Atomic(false)

        func open() { self.isOpen.store(true, ordering: .releasing) }
        func wait() { while !self.isOpen.load(ordering: .acquiring) {} }
    }
}
