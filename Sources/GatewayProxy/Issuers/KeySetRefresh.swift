/// Looks once a second whether an issuer's keys have to be fetched, so that they are there before anybody asks for
/// them.
///
/// One worker's for all. Its deadline is the next look. Confined to its event loop.
final class KeySetRefresh: Deadline {
    private let environment: UpstreamEnvironment
    private var sources: [KeySetSource] = []

    private static let intervalNanoseconds: UInt64 = 1_000_000_000

    init(environment: UpstreamEnvironment) {
        self.environment = environment
    }

    /// Looks after these from now on; costs nothing where there are none.
    func watch(_ sources: [KeySetSource]) {
        self.sources = sources
        self.environment.deadlines.cancel(self)
        if !sources.isEmpty { self.look() }
    }

    override func deadlineReached() {
        self.look()
    }

    private func look() {
        for source in self.sources where source.keys(now: self.environment.clock.now()).shouldRefresh {
            KeySetFetch(source: source, environment: self.environment).start()
        }
        self.environment.deadlines.schedule(self, in: Self.intervalNanoseconds)
    }
}
