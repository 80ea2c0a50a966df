/// One caller's connection as its worker sees it, whatever protocol it speaks: something to end, gently or at once.
///
/// Confined to its worker's event loop.
protocol CallerConnection: AnyObject {
    /// Begins the graceful end: what is under way is finished, nothing new is taken.
    func drain()
    /// The time for a graceful end is over: what is under way is answered with what is known of it.
    func cut()
    /// Ends at once.
    func close()
    /// What is under way on it.
    func forEachRequest(_ body: (CallerRequest) -> Void)
}
