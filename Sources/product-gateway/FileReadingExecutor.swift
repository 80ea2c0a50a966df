import Dispatch

/// Runs tasks that read files, one at a time, on a thread that nothing else needs.
///
/// A file system whose server is gone blocks whoever touches it, for ever. On the threads that all tasks share it would
/// hold up the stop as well; here it holds up what reads files, and nothing else.
final class FileReadingExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "product-gateway.files")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = self.asUnownedTaskExecutor()
        self.queue.async { job.runSynchronously(on: executor) }
    }
}
