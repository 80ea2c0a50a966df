/// One connection to a vendor in the making, as its pool sees it.
///
/// `SocketDial` makes real ones; a test makes its own. Tells its pool once, `dialled` or `dialFailed`, unless it is
/// cancelled before. Confined to its worker's event loop.
class UpstreamDial: Deadline {
    final let pool: UpstreamPool

    init(pool: UpstreamPool) {
        self.pool = pool
    }

    func start() {}

    /// Nobody wants the connection any more; the pool is not told.
    func cancel() {}
}
