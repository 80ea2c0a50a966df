import Glibc

/// Starts threads of the gateway's own, for work that blocks: writing to a disk, to a log that nobody reads, to one
/// slow peer. Everything else runs on an event loop.
package enum DetachedThread {
    /// Holds what a thread runs, because C passes a thread nothing but a pointer.
    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    /// Runs `body` on a new thread, which keeps what `body` holds alive and ends with it.
    ///
    /// Nobody can join the thread: who waits for its end has `body` say so, with a semaphore.
    ///
    /// - Returns: why there is no thread, as `errno` has it; nothing has run then and nothing will. Nil where there is.
    package static func start(_ body: @escaping @Sendable () -> Void) -> CInt? {
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(body))
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            return code
        }
        pthread_detach(thread)
        return nil
    }
}
